// The runs that were kept: a line each, gains as dots with their intervals, grey where it cannot tell.

import { h, set, svg, write } from "./dom.js";
import { tiny } from "./diagram.js";
import { signed, certain } from "./words.js";

const WIDE = 5; // of a task's scale, in em

/** The largest change of any task, interval included, as points to scale by.
 * @param {any[]} entries */
export function reach(entries) {
	const all = entries.flatMap((entry) => Object.values(entry.tasks).flatMap((t) => [t.points, t.low, t.high]));
	return Math.max(5, ...all.filter((v) => typeof v === "number").map(Math.abs));
}

export function book(lab) {
	const { say } = lab;
	const heading = h("h3", {}, say("book"));
	const head = h("tr", {});
	const body = h("tbody", {});
	const table = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("book") },
		h("table", {}, h("thead", {}, head), body));
	const none = h("p", { class: "small" }, say("none kept"));
	const score = h("span", { class: "small" });
	const file = h("input", { type: "text", "aria-label": say("file"), title: say("file"),
		onkeydown: (event) => event.key === "Enter" && act("save") });
	const answer = h("span", { class: "answer", role: "status" });
	const button = (name) =>
		h("button", { type: "button", class: `do-${name}`, onclick: () => act(name) }, say(name));
	const buttons = h("div", { class: "row" }, button("compare"), button("remove"), button("undo"));
	if (lab.files) buttons.append(button("save"), button("load"), file);
	buttons.append(answer);
	const element = h("section", { class: "book" }, h("div", { class: "row" }, heading, score), none, table, buttons);
	/** @type {Map<number, any>} */
	const rows = new Map();
	let columns = "";

	const ticked = () => [...rows].filter(([, row]) => row.tick.checked).map(([number]) => number);

	function act(name) {
		lab.ask({ do: name, numbers: ticked(), path: file.value });
	}

	function made(entry) {
		const { number } = entry;
		const tick = h("input", { type: "checkbox", "aria-label": say("tick", { n: number }) });
		const show = h("button", { type: "button", class: "number", title: say("show"), "aria-label": say("show run", { n: number }),
			onclick: () => lab.ask({ do: "show", numbers: [number] }) }, `${number}`);
		return { tick, show, element: h("tr", { "data-run": number }) };
	}

	function scale(of, task, most) {
		const em = 12;
		const x = (points) => ((WIDE / 2) * (1 + points / most) * 0.94 + WIDE * 0.03) * em;
		const color = certain(of) ? lab.ink(task) : "var(--soft)";
		const picture = svg("svg", { width: WIDE * em, height: 14, "aria-hidden": "true" },
			svg("path", { class: "grid", d: `M${x(0)} 0v14` }));
		if (of.points === null) return picture;
		if (of.low !== null)
			picture.append(svg("path", { class: "interval", d: `M${x(of.low)} 7H${x(of.high)}`, style: `stroke:${color}` }));
		picture.append(svg("circle", { cx: x(of.points), cy: 7, r: 4, style: `fill:${color}` }));
		return picture;
	}

	/** @param {string[]} tasks @param {number} most */
	function cells(entry, tasks, most) {
		const row = rows.get(entry.number);
		const cell = (task) => {
			const of = entry.tasks[task];
			if (!of) return h("td", {});
			const mark = of.right === null ? "" : of.right ? " ✓" : " ✗";
			const word = of.points === null ? say("no baseline") : say(of.verdict ?? "no verdict");
			return h("td", { class: certain(of) ? "told" : "", title: word },
				scale(of, task, most), h("span", { class: "points" }, signed(of.points) + mark),
				h("span", { class: "unseen" }, ` ${word}`));
		};
		return [
			h("td", {}, row.tick), h("td", {}, row.show),
			h("td", {}, tiny(entry.settings.plan, lab.facts.levels, lab.tasksOf(entry), lab.color),
				h("span", { class: "unseen" }, entry.plan[lab.language()])),
			h("td", { class: "brief" }, lab.brief(entry)), ...tasks.map(cell),
		];
	}

	function draw() {
		const { entries, right, judged, file: path } = lab.book();
		const tasks = lab.facts.tasks.filter((task) =>
			task !== lab.facts.auxiliary || entries.some((e) => e.tasks[task]));
		const most = reach(entries);
		const form = JSON.stringify([tasks, most, lab.paper()]);
		for (const [number, { element }] of rows) {
			if (entries.some((entry) => entry.number === number)) continue;
			element.remove();
			rows.delete(number);
		}
		for (const entry of entries) {
			const fresh = !rows.has(entry.number);
			if (fresh) rows.set(entry.number, made(entry));
			const row = rows.get(entry.number);
			const text = JSON.stringify([entry, form]);
			if (row.text !== text) row.element.replaceChildren(...cells(entry, tasks, most)); // the tick stays
			row.text = text;
			set(row.element, { "aria-current": entry.number === lab.shown()?.number ? "true" : null });
		}
		const order = entries.map((entry) => rows.get(entry.number).element);
		if (order.some((e, i) => body.children[i] !== e)) body.replaceChildren(...order);
		if (columns !== form) {
			columns = form;
			const names = ["", "#", say("plan"), say("settings")];
			head.replaceChildren(...names.map((text) => h(text ? "th" : "td", text ? { scope: "col" } : {}, text)),
				...tasks.map((task) => h("th", { scope: "col", style: `color:${lab.ink(task)}` }, task)));
		}
		table.hidden = !entries.length;
		none.hidden = Boolean(entries.length);
		write(score, judged ? say("right", { right, judged }) : "");
		const said = lab.said();
		write(answer, said.place === "book" ? lab.told(said) : "");
		if (document.activeElement !== file && file.dataset.path !== path) file.value = file.dataset.path = path;
	}

	return { element, draw };
}
