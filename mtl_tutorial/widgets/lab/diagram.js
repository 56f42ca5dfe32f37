// The plan as a picture that is also the board: words at the bottom, heads on top; a shared layer is
// one bar across its tasks. A click changes what a task uses, dragging one piece onto another merges.

import { choices, chosen, count, following, groupOf, now, pieces } from "./plan.js";
import { inkOn } from "./color.js";
import { h, set, svg, write } from "./dom.js";
import { listed, thousands } from "./words.js";

const ROW = 3.3; // heights and widths in em
const BOX = 2.4;
const NAMES = 6; // the column of the levels' names
const GAP = 0.5;

/** What a choice means, in words.
 * @param {import("./words.js").Say} say @param {string} how "will" or "is"
 * @param {string} level @param {string} task @param {{kind: string, others: string[]}} choice */
export function meaning(say, how, level, task, choice) {
	const values = { level, task, others: listed(say, choice.others) };
	return say(`${how} ${choice.kind}`, values);
}

/** A plan as a small picture without words.
 * @param {import("./plan.js").Plan} plan @param {string[]} levels @param {string[]} tasks
 * @param {(task: string) => string} color */
export function tiny(plan, levels, tasks, color) {
	const [wide, high] = [13, 8];
	const picture = svg("svg", { class: "tiny", width: tasks.length * wide + 2, height: levels.length * high + 2,
		"aria-hidden": "true" });
	[...levels].reverse().forEach((level, row) => {
		const spans = (plan[level] ?? []).map((group) => group.map((task) => tasks.indexOf(task)));
		spans.sort((a, b) => b.length - a.length); // what is torn lies behind what stands between
		let shared = 0;
		for (const places of spans) {
			const fill = places.length > 1 ? `var(--bar${(shared++ % 2) + 1})` : color(tasks[places[0]]);
			const y = row * high + 2;
			const bar = (from, to, y, height) => picture.append(svg("rect", {
				x: from * wide + 2, y, width: (to - from + 1) * wide - 3, height, rx: 1.5, style: `fill:${fill}`,
			}));
			bar(Math.min(...places), Math.max(...places), y + 2, 2); // seen where a group is torn
			for (const [from, to] of pieces(places)) bar(from, to, y, high - 2);
		}
	});
	return picture;
}

/** The board.
 * @param {any} lab what `lab.js` hands to its parts */
export function diagram(lab) {
	const { say, facts } = lab;
	const { levels } = facts;
	const back = svg("g", { class: "back" });
	const boxes = svg("g", {});
	const front = svg("g", { class: "front" });
	const picture = svg("svg", { class: "board", role: "group", "aria-label": say("board") });
	picture.append(back, boxes, front);
	const will = h("p", { class: "will" }, say("point"));
	const figures = h("p", { class: "figures" });
	const element = h("div", { class: "diagram" }, picture);
	/** @type {Map<string, any>} */
	const made = new Map();
	/** @type {any} */
	let drag = null;
	let dragged = false;
	let current = `${levels.at(-1)} ${facts.tasks[0]}`; // the piece that Tab comes to
	let em = 14;
	let width = 0;

	const place = () => ({ plan: lab.chosen().plan, levels, tasks: lab.tasks() });
	const column = () => (width - NAMES * em) / lab.tasks().length;
	const left = (i) => NAMES * em + i * column() + (GAP / 2) * em;
	const inside = () => column() - GAP * em;
	const top = (row) => (0.2 + row * ROW) * em; // row 0: the heads
	const rowOf = (level) => levels.length - levels.indexOf(level);

	function piece(key) {
		if (made.has(key)) return made.get(key);
		const [level, task] = key.split(" ");
		const box = svg("rect", { class: "box", rx: 6 });
		const hit = svg("rect", { class: "hit" });
		const group = svg("g", { class: "piece", role: "button", tabindex: -1, "data-piece": key }, box, hit);
		group.addEventListener("click", () => {
			if (dragged) dragged = false;
			else choose(level, task, nextOf(level, task));
		});
		group.addEventListener("keydown", (event) => keyed(event, level, task));
		group.addEventListener("pointerdown", (event) => {
			dragged = false;
			if (event.button) return;
			group.setPointerCapture(event.pointerId);
			drag = { level, task, group, x: event.clientX, y: event.clientY, moved: false, choice: null };
		});
		group.addEventListener("pointermove", pulled);
		group.addEventListener("pointerup", dropped);
		group.addEventListener("pointercancel", () => (drag = stopped()));
		const pointedAt = () => drag || foretell(level, task, nextOf(level, task), "click");
		group.addEventListener("pointerenter", pointedAt);
		group.addEventListener("focus", () => {
			current = key;
			rove();
			pointedAt();
		});
		for (const name of ["pointerleave", "blur"])
			group.addEventListener(name, () => drag || foretell(level, task, null));
		boxes.append(group);
		made.set(key, { group, box, hit });
		return made.get(key);
	}

	function nextOf(level, task) {
		return following(place(), level, task);
	}

	function choose(level, task, choice) {
		const before = JSON.stringify(now(place().plan, level, task));
		if (before === JSON.stringify(choice)) return;
		lab.put(chosen(place(), level, task, choice));
		lab.tell(meaning(say, "is", level, task, choice));
		foretell(level, task, nextOf(level, task), "click");
	}

	/** Arrows go from piece to piece; with Shift they pull a piece to its neighbor.
	 * @param {KeyboardEvent} event */
	function keyed(event, level, task) {
		const { tasks, plan } = place();
		const [row, at] = [levels.indexOf(level), tasks.indexOf(task)];
		const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
		const [dx, dy] = arrows[event.key] ?? [0, 0];
		if (event.key === "Enter" || event.key === " ") {
			choose(level, task, nextOf(level, task));
		} else if (event.shiftKey && dx) {
			const other = tasks[at + dx];
			const others = other && groupOf(plan, level, other)?.filter((each) => each !== task);
			if (others?.length) choose(level, task, { kind: "shared", others });
		} else if (dx || dy) {
			const to = `${levels[row + dy] ?? level} ${tasks[at + dx] ?? task}`;
			made.get(to)?.group.focus();
		} else return;
		event.preventDefault();
	}

	/** @param {PointerEvent} event */
	function pulled(event) {
		if (!drag) return;
		const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
		drag.moved ||= Math.hypot(dx, dy) > 6;
		if (!drag.moved) return;
		set(drag.group, { transform: `translate(${dx} ${dy})`, class: "piece dragged" });
		boxes.append(drag.group); // above the others
		drag.choice = under(event);
		foretell(drag.level, drag.task, drag.choice, "drop");
	}

	/** What happens if the piece is dropped here: on another it is shared, elsewhere it is split off.
	 * @param {PointerEvent} event */
	function under(event) {
		const { tasks, plan } = place();
		const area = picture.getBoundingClientRect();
		const at = Math.floor((event.clientX - area.left - NAMES * em) / column());
		const row = Math.floor((event.clientY - area.top - 0.2 * em) / (ROW * em));
		if (row === rowOf(drag.level) && tasks[at] === drag.task) return now(plan, drag.level, drag.task);
		const all = row === rowOf(drag.level) ? choices(place(), drag.level, drag.task) : [];
		return all.find(({ others }) => others.includes(tasks[at])) ?? { kind: "own", others: [] };
	}

	function dropped() {
		if (!drag) return;
		const { level, task, moved, choice } = drag;
		drag = stopped();
		if (!moved) return;
		dragged = true; // the click that follows is none
		setTimeout(() => (dragged = false));
		choose(level, task, choice);
	}

	function stopped() {
		set(drag.group, { transform: null, class: "piece" });
		foretell(drag.level, drag.task, null);
		return null;
	}

	/** Say and show what a click or drop would bring; nothing if there is no choice.
	 * @param {string} level @param {string} task @param {string} [by] */
	function foretell(level, task, choice, by) {
		front.querySelector(".preview")?.remove();
		if (!choice) return write(will, say("point"));
		const { tasks } = place();
		write(will, say(`by ${by}`, { what: meaning(say, "will", level, task, choice) }));
		const together = [task, ...choice.others].map((each) => tasks.indexOf(each));
		const preview = svg("g", { class: `preview ${choice.kind}` });
		for (const [from, to] of pieces(together))
			preview.append(svg("rect", { x: left(from) - 3, y: top(rowOf(level)) - 3, rx: 8,
				width: inside() + (to - from) * column() + 6, height: BOX * em + 6 }));
		front.append(preview);
	}

	function rove() {
		for (const [key, { group }] of made) set(group, { tabindex: key === current ? 0 : -1 });
	}

	/** @param {number} x @param {number} y @param {string} text @param {string} [kind] @param {string} [fill] */
	const label = (x, y, text, kind = "", fill) =>
		svg("text", { x, y, class: kind, style: fill && `fill:${fill}` }, text);

	const stroke = (kind, d, color) => svg("path", { class: kind, d, style: color && `stroke:${color}` });

	function draw() {
		em = parseFloat(getComputedStyle(element).fontSize) || 14;
		width = element.clientWidth;
		if (!width) return;
		const { tasks, plan } = place();
		const sizes = lab.sizes();
		const height = (0.2 + ROW * (levels.length + 1) + 1.7) * em;
		set(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
		back.replaceChildren();
		front.replaceChildren();
		const bottom = top(levels.length + 1) + 0.1 * em;
		back.append(
			svg("rect", { class: "words", x: left(0), y: bottom, rx: 4, height: 1.4 * em,
				width: width - left(0) - (GAP / 2) * em }),
			label((left(0) + width - (GAP / 2) * em) / 2, bottom + 0.75 * em, say("sentence"), "small"),
		);
		for (const level of levels) back.append(label(0, top(rowOf(level)) + (BOX / 2) * em, level, "name"));
		back.append(label(0, top(0) + (BOX / 2) * em, say("head"), "name"));
		const longest = Math.max(...tasks.map((task) => task.length));
		const size = Math.min(0.96, (inside() / em - 0.5) / (0.66 * longest));
		tasks.forEach((task, i) => {
			const middle = left(i) + inside() / 2;
			const color = lab.color(task);
			back.append(
				stroke("wire", `M${middle} ${top(0) + BOX * em}V${bottom}`, color),
				svg("rect", { class: "head", x: left(i), y: top(0), width: inside(), height: BOX * em,
					rx: 0.6 * em, style: `stroke:${color}` }),
				label(middle, top(0) + 0.85 * em, task, "task", `${lab.ink(task)};font-size:${size}em`),
				label(middle, top(0) + 1.75 * em, sizes ? thousands(sizes.heads[task]) : "", "small"),
			);
		});
		for (const level of levels) row(level, tasks, plan, sizes);
		for (const [key, { group }] of made) {
			const [level, task] = key.split(" ");
			if (!tasks.includes(task)) {
				group.remove();
				made.delete(key);
				continue;
			}
			const states = meaning(say, "is", level, task, now(plan, level, task));
			const brings = meaning(say, "will", level, task, nextOf(level, task));
			set(group, { "aria-label": `${states} ${say("by key", { what: brings })}` });
		}
		if (!made.has(current)) current = `${levels.at(-1)} ${tasks[0]}`;
		rove();
		write(figures, sizes ? inNumbers(plan, tasks, sizes) : "");
	}

	/** @param {string} level @param {string[]} tasks */
	function row(level, tasks, plan, sizes) {
		const y = top(rowOf(level));
		const cost = sizes ? thousands(sizes.levels[level]) : "";
		const put = (task, kind, fill, reach = 0) => {
			const i = tasks.indexOf(task);
			const { group, box, hit } = piece(`${level} ${task}`);
			set(group, { class: `piece ${kind}` });
			// Sizes as style: they move softly from plan to plan.
			box.style.cssText = `x:${left(i)}px;y:${y}px;width:${inside() + reach}px;height:${BOX * em}px;fill:${fill}`;
			set(hit, { x: left(i) - (GAP / 2) * em, y: y - 0.3 * em, width: column(), height: (BOX + 0.6) * em });
		};
		let shared = 0;
		for (const group of plan[level] ?? []) {
			const places = group.map((task) => tasks.indexOf(task));
			const runs = pieces(places);
			const alone = group.length === 1;
			const fill = alone ? lab.color(group[0]) : `var(--bar${(shared % 2) + 1})`;
			if (runs.length > 1) {
				const [from, to] = [left(Math.min(...places)), left(Math.max(...places)) + inside()];
				const edge = shared % 2 ? y + (BOX - 0.25) * em : y - 0.3 * em; // two do not meet
				back.append(svg("rect", { class: "bridge", x: from, y: edge, width: to - from, height: 0.55 * em,
					rx: 4, style: `fill:${fill}` }));
			}
			shared += alone ? 0 : 1;
			runs.forEach(([from, to], which) => {
				for (let i = from; i <= to; i++) {
					put(tasks[i], alone ? "own" : "shared", fill, i < to ? GAP * em + 8 : 0);
					if (alone) continue;
					const [middle, end] = [left(i) + inside() / 2, 0.3 * em]; // where the wire comes in and goes out
					front.append(stroke("port", `M${middle} ${y}v${end}m0 ${BOX * em - 2 * end}v${end}`, lab.color(tasks[i])));
					if (i < to) front.append(stroke("seam", `M${left(i + 1) - (GAP / 2) * em} ${y + end}v${BOX * em - 2 * end}`));
				}
				const middle = (left(from) + left(to) + inside()) / 2;
				const ink = alone ? inkOn(fill) : "var(--on-bar)";
				const word = say(alone ? "own" : "shared");
				const texts = to > from ? [which ? word : `${word} · ${cost}`] : [word, which ? "" : cost];
				texts.filter(Boolean).forEach((text, line, all) => {
					const down = all.length > 1 ? 0.8 + 0.95 * line : BOX / 2;
					const on = label(middle, y + down * em, text, line ? "small" : "", ink);
					if (!alone) set(on, { style: `fill:${ink};stroke:${fill}`, class: "on-bar" });
					front.append(on);
				});
			});
		}
		for (const task of tasks.filter((each) => !groupOf(plan, level, each))) {
			put(task, "left", "transparent");
			front.append(label(left(tasks.indexOf(task)) + inside() / 2, y + (BOX / 2) * em, say("left"), "small gone"));
		}
	}

	function inNumbers(plan, tasks, sizes) {
		const { total, shared } = count(plan, tasks, sizes);
		const { apart } = count(plan, tasks, lab.sizes(false));
		return say("numbers", {
			total: thousands(total), shared: thousands(shared), apart: thousands(apart),
			part: Math.round((100 * total) / apart),
		});
	}

	return { element, will, figures, draw };
}
