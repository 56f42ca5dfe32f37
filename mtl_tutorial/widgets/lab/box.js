// The sentence box: a line to type in, and every task's answer below.

import { legible } from "./color.js";
import { h, select, set } from "./dom.js";
import { groundOf, settle } from "./host.js";
import { sayer } from "./words.js";

/** The box in an element; gives a function that ends it.
 * @param {any} model @param {any} el */
export function sentenceBox(model, el) {
	const say = sayer(model.get("words"));
	const line = h("input", { type: "text", class: "line", placeholder: say("type"), "aria-label": say("sentence"),
		onkeydown: (event) => event.key === "Enter" && ask() });
	const button = h("button", { type: "button", class: "train", onclick: () => ask() }, say("answer"));
	const examples = model.get("examples");
	const options = [["", say("choose")], ...examples.map((text) => [text, text])];
	const menu = select(options, (text) => {
		menu.show("");
		if (!text) return;
		line.value = text;
		ask();
	}, { "aria-label": say("examples") });
	const answer = h("div", { class: "said", role: "status" });
	const trouble = h("div", { class: "trouble", role: "alert", hidden: true });
	const root = h("div", { class: "mtl-lab mtl-box", lang: model.get("language") === "zh" ? "zh-CN" : "en" },
		h("div", { class: "row" }, line, button, examples.length ? menu : null), trouble, answer);

	function ask() {
		set(button, { "aria-busy": true });
		model.send({ typed: line.value });
	}

	/** @param {any} piece */
	function marked({ text, entity, color }) {
		return entity ? h("mark", { style: `background:${color}` }, text, h("small", {}, entity)) : text;
	}

	/** @param {any} row @param {string} paper */
	function bar({ task, label, probability, color }, paper) {
		const part = `${Math.round(100 * probability)}%`;
		return h("tr", {}, h("th", { scope: "row", style: `color:${legible(color, paper)}` }, task), h("td", {}, h("b", {}, label)),
			h("td", {}, h("div", { class: "share" }, h("div", { style: `width:${part};background:${color}` }))), h("td", {}, part));
	}

	function draw() {
		const paper = groundOf(root);
		const { what, details } = model.get("trouble");
		trouble.hidden = !what;
		trouble.replaceChildren(...(what ? [h("b", {}, say("trouble")), ` ${what}`,
			h("details", {}, h("summary", {}, say("details")), h("pre", {}, details))] : []));
		set(button, { "aria-busy": null });
		const found = model.get("answer");
		if (!found.rows) return answer.replaceChildren(what ? "" : h("p", {}, say("empty")));
		const below = [];
		if (found.unknown.length) below.push(h("p", {}, say("unknown", { words: found.unknown.join(say("comma")) })));
		if (found.guess) below.push(h("p", {}, say("guess")));
		answer.replaceChildren(...found.marked.map((pieces) => h("p", { class: "marked" }, ...pieces.map(marked))),
			h("table", {}, h("tbody", {}, ...found.rows.map((row) => bar(row, paper)))), ...below);
	}

	for (const name of ["answer", "trouble"]) model.on(`change:${name}`, draw);
	line.value = model.get("typed");
	const leave = settle(model, el, root, say("gone"), draw);
	requestAnimationFrame(draw); // in the page by now, on its ground

	return () => {
		for (const name of ["answer", "trouble"]) model.off(`change:${name}`, draw);
		leave();
	};
}

/** What anywidget calls for every view.
 * @param {{model: any, el: any}} host */
export function render({ model, el }) {
	return sentenceBox(model, el);
}
