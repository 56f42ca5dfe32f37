// A face in the host that shows it: its colors, its kernel, its keys.

import { luminance, paperOf, parse } from "./color.js";
import { h } from "./dom.js";

/** The color that a face stands on; the face is marked where that is dark.
 * @param {Element} root */
export function groundOf(root) {
	const paper = paperOf(root);
	root.classList.toggle("dark", luminance(parse(paper)) < 0.4);
	return paper;
}

/** Put a face in its place: it keeps its keys, says when the kernel is gone, is drawn with every theme.
 * Gives a function that takes it out.
 * @param {any} model @param {any} el @param {any} root @param {string} goodbye @param {() => void} draw */
export function settle(model, el, root, goodbye, draw) {
	const gone = h("p", { class: "trouble gone", role: "alert" }, goodbye);
	const look = () => {
		gone.hidden = !el.closest(".jupyter-widgets-disconnected"); // the host's mark
		draw();
	};
	root.prepend(gone);
	root.addEventListener("keydown", (event) => event.stopPropagation());
	model.on("comm_live_update", look);
	const attributeFilter = ["class", "style", "data-jp-theme-name", "data-theme", "data-vscode-theme-kind"];
	const themed = new MutationObserver(look);
	for (const node of [document.documentElement, document.body, el]) themed.observe(node, { attributeFilter });
	const scheme = matchMedia("(prefers-color-scheme: dark)");
	scheme.addEventListener("change", draw);
	el.append(root);
	look();
	return () => {
		model.off("comm_live_update", look);
		themed.disconnect();
		scheme.removeEventListener("change", draw);
		root.remove();
	};
}
