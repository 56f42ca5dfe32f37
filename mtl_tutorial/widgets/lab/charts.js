// One chart a task: its curve by this plan, that of its single-task model dashed, intervals as bands.

import { h, select, set, svg, write } from "./dom.js";
import { tiny } from "./diagram.js";
import { listed, signed, certain } from "./words.js";

const HIGH = 8.6; // of a chart, in em
const GROWING = 240; // milliseconds for a new epoch to grow in
const VERDICTS = ["gains", "loses", "cannot tell"];

/** A line through the values that are there; the last stretch as far as it has grown.
 * @param {(number | null)[]} values @param {(i: number) => number} x @param {(v: number) => number} y
 * @param {number} grown 0 to 1 */
export function path(values, x, y, grown = 1) {
	let text = "";
	values.forEach((value, i) => {
		if (value === null || value === undefined) return;
		let [px, py] = [x(i), y(value)];
		const before = values[i - 1];
		if (i === values.length - 1 && grown < 1 && typeof before === "number") {
			px = x(i - 1) + grown * (px - x(i - 1));
			py = y(before) + grown * (py - y(before));
		}
		text += `${text && typeof before === "number" ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
	});
	return text;
}

/** The outline of a band from `low` to `high`.
 * @param {(number | null)[]} low @param {(number | null)[]} high @param {(i: number) => number} x
 * @param {(v: number) => number} y */
export function band(low, high, x, y) {
	const known = low.map((_, i) => i).filter((i) => typeof low[i] === "number" && typeof high[i] === "number");
	if (known.length < 2) return "";
	const at = (values) => (i) => `${x(i).toFixed(1)} ${y(values[i]).toFixed(1)}`;
	return `M${[...known.map(at(high)), ...known.reverse().map(at(low))].join("L")}Z`;
}

/** Round numbers to divide an axis by.
 * @param {number} highest @param {number} most how many of them */
export function ticks(highest, most) {
	const rough = highest / most;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999) ?? 10 * power;
	const found = [];
	for (let value = 0; value <= highest * 1.001; value += step) found.push(Number(value.toFixed(10)));
	return found;
}

/** The charts with their heading. */
export function charts(lab) {
	const { say } = lab;
	const caption = h("p", { class: "caption" });
	const views = h("div", { class: "views", role: "group", "aria-label": say("view") });
	const grid = h("div", { class: "charts", role: "group", "aria-label": say("charts") });
	const slider = h("input", { type: "range", min: 0, "aria-label": say("slider"), title: say("slider"),
		oninput: () => point(Number(slider.value)), onblur: () => point(null) });
	const at = h("span", {});
	const sign = (kind, text) => h("span", {}, h("i", { class: kind }), say(text));
	const curves = h("span", {}, sign("ours", "key plan"), sign("single", "key single"), sign("band", "key band"));
	const cosines = h("span", {}, say("key cosines"));
	const key = h("p", { class: "key" }, curves, cosines, h("label", {}, at, slider));
	const said = h("p", { class: "said" });
	const brief = h("p", { class: "small" });
	const element = h("div", { class: "results" }, h("div", { class: "over" }, caption, views, brief), grid, key, said);
	/** @type {Map<string, any>} */
	const parts = new Map();
	let view = "score";
	/** @type {number | null} */
	let epoch = null; // that the pointer is at
	let before = { run: "", epoch: 0 };
	let began = 0;
	let frame = 0;

	function part(task) {
		if (parts.has(task)) return parts.get(task);
		const name = h("b", {}, task);
		const change = h("span", { class: "change" });
		const climbing = h("span", { class: "climbing" });
		const picture = svg("svg", { "aria-hidden": "true" });
		const options = ["", ...VERDICTS].map((verdict) => [verdict, say(verdict ? `guess ${verdict}` : "no guess")]);
		const asked = say("guess", { task });
		const guess = select(options, (value) => lab.guess(task, value), { class: "guess", "aria-label": asked, title: asked });
		const element = h("div", { class: "chart" }, h("div", { class: "heading" }, name, climbing, change), picture, guess);
		parts.set(task, { element, name, change, climbing, picture, guess });
		return parts.get(task);
	}

	/** @param {PointerEvent} event */
	function over(event) {
		const picture = /** @type {Element} */ (event.target).closest?.(".chart svg");
		const shown = lab.shown();
		if (!picture || !shown) return point(null);
		const area = picture.getBoundingClientRect();
		const em = parseFloat(getComputedStyle(picture).fontSize);
		const share = (event.clientX - area.left - 2.9 * em) / (area.width - 3.5 * em);
		point(Math.round(Math.min(1, Math.max(0, share)) * shown.settings.epochs));
	}
	/** @param {number | null} to */
	function point(to) {
		if (to !== epoch) {
			epoch = to;
			draw();
		}
	}
	grid.addEventListener("pointermove", over);
	grid.addEventListener("pointerleave", () => point(null));

	/** The views that there is something to see in. */
	function drawViews() {
		const shown = lab.shown();
		const gradients = shown && Object.values(shown.tasks).some((t) => Object.keys(t.cosines ?? {}).length);
		const names = ["score", "loss", ...(gradients ? ["gradients"] : [])];
		if (!names.includes(view)) view = "score";
		if (views.children.length !== names.length)
			views.replaceChildren(...names.map((name) =>
				h("button", { type: "button", "data-view": name, onclick: () => ((view = name), draw()) }, say(name))));
		for (const button of views.children)
			set(button, { "aria-pressed": button.getAttribute("data-view") === view });
	}

	/** Everything that is drawn of one task in the view that is chosen: [class, values, band, color].
	 * @param {string} task @returns {any[]} */
	function lines(task) {
		const [shown, beside] = [lab.shown(), lab.beside()];
		const found = [];
		if (view === "gradients")
			return Object.entries(shown?.tasks[task]?.cosines ?? {}).map(([other, values]) => ["ours", values, null, lab.ink(other)]);
		const own = shown?.tasks[task]?.curves[view];
		const other = beside?.tasks[task]?.curves[view];
		if (own?.single) found.push(["single", own.single.mean, own.single, "var(--soft)"]);
		if (other?.plan) found.push(["other", other.plan.mean, null, lab.ink(task)]);
		if (own?.plan) found.push(["ours", own.plan.mean, own.plan, lab.ink(task)]);
		return found;
	}

	function drawOne(task, drawn, grown) {
		const em = parseFloat(getComputedStyle(drawn.picture).fontSize) || 12;
		const [width, height] = [drawn.element.clientWidth - 2, HIGH * em];
		if (width < 20) return;
		const shown = lab.shown();
		const all = lines(task);
		const highest = Math.max(...all.flatMap(([, values, around]) => [...values, ...(around?.high ?? [])]), 0.1);
		const range = { score: [0, 1], loss: [0, highest * 1.05], gradients: [-1, 1] }[view] ?? [0, 1];
		const epochs = (shown?.settings ?? lab.chosen()).epochs;
		const x = (i) => 2.9 * em + (i / epochs) * (width - 3.5 * em);
		const y = (v) => 0.5 * em + (1 - (v - range[0]) / (range[1] - range[0])) * (height - 2 * em);
		set(drawn.picture, { width, height, viewBox: `0 0 ${width} ${height}` });
		const inside = [];
		const marks = view === "score" ? [0, 0.5, 1] : view === "loss" ? ticks(range[1], 3) : [-1, 0, 1];
		for (const mark of marks)
			inside.push(
				svg("path", { class: "grid", d: `M${x(0)} ${y(mark)}H${x(epochs)}` }),
				svg("text", { class: "tick y", x: 2.5 * em, y: y(mark) }, view === "score" ? `${100 * mark}%` : `${mark}`),
			);
		const unit = ticks(epochs, 3).includes(epochs) ? "" : say("epochs");
		for (const mark of ticks(epochs, 3).filter(Number.isInteger))
			if (!unit || x(mark) < width - 5 * em)
				inside.push(svg("text", { class: "tick", x: x(mark), y: height - 0.6 * em }, `${mark}`));
		inside.push(svg("text", { class: "tick end", x: width - 0.2 * em, y: height - 0.6 * em }, unit));
		for (const [kind, , around, color] of all)
			if (around?.low) inside.push(svg("path", { class: `band ${kind}`, d: band(around.low, around.high, x, y), style: `fill:${color}` }));
		for (const [kind, values, , color] of all) {
			inside.push(svg("path", { class: `line ${kind}`, d: path(values, x, y, kind === "ours" ? grown : 1), style: `stroke:${color}` }));
			if (kind !== "ours") continue;
			values.forEach((v, i) => {
				if (v !== null && (grown >= 1 || i < values.length - 1))
					inside.push(svg("circle", { cx: x(i), cy: y(v), r: 0.2 * em, style: `fill:${color}` }));
			});
		}
		if (epoch !== null) {
			inside.push(svg("path", { class: "pointer", d: `M${x(epoch)} ${y(range[0])}V${y(range[1])}` }));
			const right = epoch > epochs / 2;
			[...all].reverse().forEach(([kind, values, , color], line) => {
				const value = values[epoch ?? 0];
				if (value === null || value === undefined) return;
				inside.push(svg("text", { class: `value ${kind}`, x: x(epoch ?? 0) + (right ? -0.4 : 0.4) * em,
					y: y(range[0]) - (0.7 + 1.05 * (all.length - 1 - line)) * em,
					style: `fill:${color};text-anchor:${right ? "end" : "start"}` }, asText(value)));
			});
		}
		drawn.picture.replaceChildren(...inside);
	}

	/** Points gained or lost with their interval; the word only where it can be told.
	 * @param {string} task */
	function judge(task, drawn) {
		const of = lab.shown()?.tasks[task];
		const known = of && of.points !== null;
		write(drawn.change, known ? changed(say, of) : of && lab.shown().epoch ? say("no baseline") : "");
		set(drawn.change, { class: `change ${known && certain(of) ? "told" : ""}`, title: known ? say("change why") : null });
		write(drawn.climbing, of?.climbing ? say("climbing") : "");
		set(drawn.climbing, { title: of?.climbing ? say("climbing why") : null });
		drawn.name.style.color = lab.ink(task);
		drawn.guess.show(lab.guesses()[task] ?? "");
	}

	function drawCaption() {
		const [shown, beside] = [lab.shown(), lab.beside()];
		if (!shown) {
			write(caption, "");
			return write(brief, say("no run yet"));
		}
		const picture = (of) => tiny(of.settings.plan, lab.facts.levels, lab.tasksOf(of), lab.color);
		const name = shown.number ? say("run", { n: shown.number }) : say("this run");
		const parts = [h("b", {}, name), picture(shown)];
		if (beside) parts.push(h("b", {}, say("dotted run", { n: beside.number })), picture(beside));
		caption.replaceChildren(...parts);
		const moved = beside || lab.isOnBoard(shown.settings) ? "" : say("moved");
		brief.replaceChildren(`${lab.brief(shown)} `, h("span", { class: "moved" }, moved));
	}

	function draw() {
		const shown = lab.shown();
		const tasks = shown ? lab.tasksOf(shown) : lab.tasks();
		const run = shown ? JSON.stringify(shown.settings) : "";
		if (run !== before.run || (shown?.epoch ?? 0) < before.epoch) before = { run, epoch: shown?.epoch ?? 0 };
		else if (shown && shown.epoch > before.epoch) {
			before.epoch = shown.epoch;
			if (!lab.still()) began = performance.now();
		}
		const grown = Math.min(1, (performance.now() - began) / GROWING);
		if (grown < 1) frame ||= requestAnimationFrame(() => ((frame = 0), draw()));
		drawViews();
		drawCaption();
		const wanted = tasks.map((task) => part(task).element);
		if (wanted.length !== grid.children.length || wanted.some((e, i) => grid.children[i] !== e))
			grid.replaceChildren(...wanted);
		for (const task of tasks) {
			judge(task, part(task));
			drawOne(task, part(task), grown);
		}
		write(said, shown?.said[lab.language()] ?? "");
		slider.parentElement.hidden = !shown;
		curves.hidden = view === "gradients";
		cosines.hidden = !curves.hidden;
		if (shown) drawSlider(shown, tasks);
	}

	/** The epoch that is looked at, for whoever has no pointer; its values are read out.
	 * @param {string[]} tasks */
	function drawSlider(shown, tasks) {
		const now = epoch ?? shown.epoch;
		const values = tasks.map((task) => {
			const value = lines(task).find(([kind]) => kind === "ours")?.[1][now];
			return typeof value === "number" ? `${task} ${asText(value)}` : `${task} –`;
		});
		set(slider, { max: shown.epoch, "aria-valuetext": say("at epoch", { epoch: now, values: listed(say, values) }) });
		slider.value = now;
		write(at, say("now", { epoch: now }));
	}

	const asText = (value) => (view === "score" ? (100 * value).toFixed(1) : value.toFixed(2));

	return { element, draw };
}

/** "+17.2 ± 5.1 gains".
 * @param {import("./words.js").Say} say @param {any} of a task's result */
export function changed(say, of) {
	const around = of.low === null ? "" : ` ± ${((of.high - of.low) / 2).toFixed(1)}`;
	return `${signed(of.points)}${around} ${say(of.verdict ?? "no verdict")}`;
}
