// What is set beside the plan: presets, the dials in sight, those folded away, Train and Stop.

import { asCode, same } from "./plan.js";
import { h, select, set, write } from "./dom.js";

export function presets(lab) {
	const { say, facts } = lab;
	const buttons = Object.keys(facts.presets).map((name) =>
		h("button", { type: "button", class: "preset", "data-preset": name,
			onclick: () => {
				lab.put(lab.preset(name));
				lab.tell(say("preset put", { name: say(name) }));
			} }, say(name)));
	const element = h("div", { class: "row presets", role: "group", "aria-label": say("presets") },
		h("span", { class: "small" }, say("presets")), ...buttons);
	const draw = () => {
		for (const button of buttons) {
			const plan = lab.preset(button.dataset.preset);
			set(button, { "aria-pressed": same(plan, lab.chosen().plan, lab.tasks()) });
		}
	};
	return { element, draw };
}

/** A dial in the labels' row or in that of the weights: a select for each task, below its column.
 * @param {string} name @param {[any, string][]} options @param {(task: string) => any} value */
function perTask(lab, name, options, value) {
	const { say, facts } = lab;
	/** @type {Record<string, any>} */
	const selects = {};
	for (const task of facts.tasks) {
		const why = say(`${name} why`, { task });
		selects[task] = select(options, (n) => lab.change({ [name]: { ...lab.chosen()[name], [task]: n } }),
			{ "aria-label": why, title: why, class: `${name}-${task}` });
	}
	const element = h("div", { class: "columns" });
	let shown = "";
	const draw = () => {
		const tasks = lab.tasks();
		if (shown !== tasks.join()) {
			shown = tasks.join();
			element.style.setProperty("--tasks", tasks.length);
			element.replaceChildren(h("span", { class: "small" }, say(name)),
				...tasks.map((task) => selects[task]));
		}
		for (const task of tasks) selects[task].show(value(task));
	};
	return { element, draw };
}

/** Training sentences that keep their label, for each task. */
export function labels(lab) {
	const options = lab.facts.dials.labels.map((n) => [n, n.toLocaleString("en-US")]);
	return perTask(lab, "labels", options, (task) => lab.chosen().labels[task]);
}

/** Encoder, Train and Stop. */
export function start(lab) {
	const { say } = lab;
	const encoder = dial(lab, "encoder");
	const train = h("button", { type: "button", class: "train", onclick: () => lab.ask({ do: "train" }) }, say("train"));
	const stop = h("button", { type: "button", class: "stop", onclick: () => lab.ask({ do: "stop" }) }, say("stop"));
	const bar = h("progress", { "aria-label": say("progress") });
	const instant = h("input", { type: "checkbox", onchange: () => lab.instant(instant.checked) });
	const finished = h("label", { class: "check", title: say("instant why") }, instant, say("instant"));
	const element = h("div", { class: "row start" }, encoder.element, train, stop, bar, ...(lab.trains ? [finished] : []));
	const draw = () => {
		const doing = lab.doing();
		const busy = doing.phase !== "idle";
		// Not `disabled`: that would take the focus away from whoever has just pressed the button.
		set(train, { "aria-disabled": busy });
		set(stop, { "aria-disabled": !busy || doing.phase === "stopping" });
		stop.hidden = !lab.trains;
		bar.hidden = !busy;
		if (doing.total && doing.done) set(bar, { max: doing.total, value: doing.done });
		else set(bar, { value: null });
		instant.checked = lab.get("instant");
		encoder.draw();
	};
	return { element, draw };
}

/** One of the dials that hold for all tasks.
 * @param {string} name */
function dial(lab, name) {
	const { say, facts } = lab;
	const options = facts.dials[name];
	const why = say(`${name} why`);
	const turned = (value) => lab.change({ [name]: value });
	const control = Array.isArray(options)
		? select(options.map((option) => [option, lab.named(name, option)]), turned,
			{ title: why, class: `dial-${name}` })
		: h("input", { type: "number", min: options.min, max: options.max, title: why, class: `dial-${name}`,
			onchange: () => {
				const wanted = Math.round(Number(control.value));
				turned(Math.min(options.max, Math.max(options.min, Number.isFinite(wanted) ? wanted : options.min)));
				control.value = lab.chosen()[name];
			} });
	const element = h("label", { class: "dial" }, h("span", { class: "small" }, say(name)), control);
	const draw = () => {
		const value = lab.chosen()[name];
		if (control.show) control.show(value);
		else if (document.activeElement !== control) control.value = value;
	};
	return { element, draw };
}

/** The dials that beginners can leave alone, and the plan as code. */
export function more(lab) {
	const { say, facts } = lab;
	const dials = facts.folded.map((name) => dial(lab, name));
	const weights = (facts.dials.weights ?? []).map((n) => [n, `${n}`]);
	const perWeight = perTask(lab, "weights", weights, (task) => lab.chosen().weights[task] ?? 1);
	perWeight.element.hidden = !weights.length;
	const code = h("pre", { tabindex: 0, role: "region", "aria-label": say("code") });
	const element = h("div", { class: "folded" },
		h("details", { class: "more" }, h("summary", {}, say("more")),
			h("div", { class: "dials" }, ...dials.map((each) => each.element)), perWeight.element),
		h("details", { class: "code" }, h("summary", {}, say("code")), code));
	const draw = () => {
		for (const each of [...dials, perWeight]) each.draw();
		write(code, asCode(lab.chosen().plan));
	};
	return { element, draw };
}
