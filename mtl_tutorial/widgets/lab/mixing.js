// The mixing board: for each level how the tasks use it, one feed, and the plan as a picture. What is
// drawn, counted and said comes from Python.

import { inkOn, legible } from "./color.js";
import { h, select, set, svg, write } from "./dom.js";
import { groundOf, settle } from "./host.js";
import { pieces } from "./plan.js";
import { sayer, thousands } from "./words.js";

const TALL = 4.4; // of a level, in em
const BOARD = { names: 7, gap: 0.5, head: 2.4 };

/** The board in an element; gives a function that ends it.
 * @param {any} model @param {any} el */
export function mixingBoard(model, el) {
	const say = sayer(model.get("words"));
	const { language, tasks, levels, ways, colors } = model.get("facts");
	const upward = [...levels].reverse(); // as they stand in the picture
	const picture = svg("svg", { class: "board", role: "img" });
	const status = h("p", { class: "next", role: "status" });
	const figures = h("p", { class: "figures" });
	const code = h("pre", { tabindex: 0, role: "region", "aria-label": say("code") });
	const menus = Object.fromEntries(levels.map((level) => [level,
		select(ways[level].map((way) => [way, say(way)]), (way) => put({ ways: { ...model.get("chosen").ways, [level]: way } }),
			{ "aria-label": level })]));
	const named = tasks.map((task) => [task, task]);
	const from = select([["", say("nobody")], ...named], (lower) => feed(lower, to.selectedIndex), { "aria-label": say("feed") });
	const to = select(named, (upper) => feed(model.get("chosen").feed[0], tasks.indexOf(upper)), { "aria-label": say("to") });
	const dials = h("div", { class: "ways" }, ...upward.map((level) => h("label", { class: "dial" }, h("span", {}, level), menus[level])));
	const feeds = h("div", { class: "row" }, h("label", { class: "dial" }, say("feed"), from), h("label", { class: "dial" }, say("to"), to));
	const drawn = h("div", { class: "diagram" }, picture);
	const root = h("div", { class: "mtl-lab mtl-mixing", lang: language === "zh" ? "zh-CN" : "en" },
		status, h("div", { class: "mixing" }, dials, drawn), feeds, figures,
		h("details", { open: true }, h("summary", {}, say("code")), code));
	let frame = 0;

	/** @param {any} change */
	function put(change) {
		model.set("chosen", { ...model.get("chosen"), ...change });
		model.save_changes();
	}

	/** A task is fed by another: where both are the same, the next one is.
	 * @param {string} lower @param {number} at */
	function feed(lower, at) {
		const upper = tasks[at] === lower ? tasks[(at + 1) % tasks.length] : tasks[at];
		put({ feed: lower && tasks.length > 1 ? [lower, upper] : [] });
	}

	function drawNow() {
		frame = 0;
		const { ways: are, feed: fed } = model.get("chosen");
		const shown = model.get("shown");
		const paper = groundOf(root);
		for (const level of levels) menus[level].show(are[level]);
		from.show(fed[0] ?? "");
		if (fed.length) to.show(fed[1]);
		to.disabled = !fed.length;
		write(status, shown.said);
		write(figures, shown.numbers);
		write(code, shown.code);
		if (drawn.clientWidth) paint(shown, paper);
	}

	/** @param {any} shown @param {string} paper */
	function paint(shown, paper) {
		const em = parseFloat(getComputedStyle(drawn).fontSize) || 14;
		const width = drawn.clientWidth;
		const column = width / tasks.length;
		const gap = (BOARD.gap / 2) * em;
		const bottom = (levels.length + 1) * TALL * em;
		const base = (place) => bottom - place * TALL * em; // the lower edge of a level
		const middle = (task) => (tasks.indexOf(task) + 0.5) * column;
		const [back, front] = [svg("g"), svg("g")];
		const label = (x, y, text, kind, fill) => svg("text", { x, y, class: kind, style: fill && `fill:${fill}` }, text);
		const box = (x, y, wide, high, fill, kind = "box") => svg("rect", { class: kind, x, y, width: wide, height: high, rx: 6, style: `fill:${fill}` });
		set(picture, { width, height: bottom + 1.8 * em, viewBox: `0 0 ${width} ${bottom + 1.8 * em}`, "aria-label": shown.said });
		front.append(box(gap, bottom + 0.2 * em, width - 2 * gap, 1.4 * em, "", "words"),
			label(width / 2, bottom + 0.9 * em, say("sentence"), "small"));
		for (const task of tasks) {
			const top = base(shown.tops[task]) - 0.4 * em;
			back.append(svg("path", { class: "wire", d: `M${middle(task)} ${bottom + 0.2 * em}V${top}`, style: `stroke:${colors[task]}` }));
			const head = svg("rect", { class: "head", x: middle(task) - column / 2 + gap, y: top - BOARD.head * em, width: column - 2 * gap,
				height: BOARD.head * em, rx: 0.6 * em, style: `stroke:${colors[task]}` });
			const size = Math.min(0.96, (column - 2 * gap) / em / (0.66 * Math.max(...tasks.map((each) => each.length)) + 0.8));
			front.append(head, label(middle(task), top - 1.55 * em, task, "task", `${legible(colors[task], paper)};font-size:${size}em`),
				label(middle(task), top - 0.65 * em, thousands(shown.heads[task]), "small"));
		}
		levels.forEach((level, place) => {
			const { copies, mixed, kind } = shown.levels[level] ?? { copies: [], mixed: [], kind: "" };
			const lanes = 1 + Math.max(0, ...copies.map(({ lane }) => lane));
			const ring = base(place + 1) + 0.5 * em; // where copies come together
			const room = TALL * em - (mixed.length ? 1.3 : 0.5) * em;
			for (const { tasks: own, lane, size } of copies) {
				const high = room / lanes - 0.25 * em;
				const y = base(place) - (lane + 1) * (room / lanes);
				const alone = own.length === 1;
				const fill = alone ? colors[own[0]] : "var(--bar1)";
				const runs = pieces(own.map((task) => tasks.indexOf(task)));
				if (runs.length > 1) {
					const [first, last] = [runs[0][0], runs[runs.length - 1][1]];
					back.append(box(first * column + gap, y + high / 2 - 2, (last - first + 1) * column - 2 * gap, 4, fill));
				}
				runs.forEach(([first, last], which) => {
					front.append(box(first * column + gap, y, (last - first + 1) * column - 2 * gap, high, fill));
					if (which) return;
					const text = `${say(alone ? "own" : "shared")} · ${thousands(size)}`;
					const fits = Math.min(0.9, ((last - first + 1) * column - 2 * gap) / em / (0.62 * text.length));
					front.append(label(((first + last + 1) / 2) * column, y + high / 2, text, "on",
						`${alone ? inkOn(fill) : "var(--on-bar)"};font-size:${fits}em`));
				});
			}
			if (kind === "stitch" && mixed.length > 1) {
				const places = mixed.map(middle);
				back.append(svg("path", { class: "thread", d: `M${Math.min(...places)} ${ring}H${Math.max(...places)}` }));
			}
			for (const task of mixed) {
				front.append(svg("circle", { class: "ring", cx: middle(task), cy: ring, r: 0.32 * em, style: `stroke:${colors[task]}` }));
				front.append(label(middle(task) + 0.55 * em, ring, say(kind), "small mix"));
			}
		});
		if (shown.feed.length) {
			const [lower, upper] = shown.feed.map(middle);
			const y = base(levels.length - 1) - 0.1 * em; // below the last level
			const side = Math.sign(lower - upper) * em;
			const tip = `H${upper + 0.3 * side}m${0.45 * side} ${-0.3 * em}l${-0.45 * side} ${0.3 * em}l${0.45 * side} ${0.3 * em}`;
			front.append(svg("path", { class: "feed", d: `M${lower} ${y - 0.3 * em}V${y}${tip}` }));
		}
		picture.replaceChildren(back, front);
	}

	function draw() {
		frame ||= requestAnimationFrame(drawNow);
	}

	for (const name of ["chosen", "shown"]) model.on(`change:${name}`, draw);
	const sized = new ResizeObserver(draw);
	sized.observe(root);
	const leave = settle(model, el, root, say("gone"), draw);

	return () => {
		for (const name of ["chosen", "shown"]) model.off(`change:${name}`, draw);
		sized.disconnect();
		cancelAnimationFrame(frame);
		leave();
	};
}

/** What anywidget calls for every view.
 * @param {{model: any, el: any}} host */
export function render({ model, el }) {
	return mixingBoard(model, el);
}
