// The Sharing Lab's face: puts its parts together and keeps them up to date with what the kernel
// (or the page, see page.js) says. Whoever runs it hands over `model`, as anywidget does.

import { book } from "./book.js";
import { charts } from "./charts.js";
import { legible } from "./color.js";
import { labels, more, presets, start } from "./controls.js";
import { diagram } from "./diagram.js";
import { h, write } from "./dom.js";
import { groundOf, settle } from "./host.js";
import { inOrder, joined, only, same, sizesAt, widened } from "./plan.js";
import { listed, sayer } from "./words.js";

const PATIENCE = 6000; // milliseconds for the kernel to answer
const LOOKING = 400; // milliseconds between two looks at a training

/** The lab in an element; gives a function that ends it. */
export function sharingLab(model, el) {
	const words = model.get("words");
	const say = sayer(words);
	const facts = model.get("facts");
	const root = h("div", { class: "mtl-lab", lang: facts.language === "zh" ? "zh-CN" : "en" });
	let paper = "#ffffff";
	let told = ""; // what the learner has just done to the board
	let frame = 0;
	let asked = 0; // messages to the kernel, by number
	/** @type {Map<number, any>} */
	const unanswered = new Map();
	let looking = 0;

	/** What every part may use. */
	const lab = {
		say, facts,
		files: facts.files, trains: facts.trains,
		get: (name) => model.get(name),
		chosen: () => model.get("chosen"),
		shown: () => notEmpty(model.get("shown")),
		beside: () => notEmpty(model.get("beside")),
		doing: () => model.get("doing"),
		said: () => model.get("said"),
		guesses: () => model.get("guesses"),
		book: () => model.get("listed"),
		language: () => facts.language,
		paper: () => paper,
		still: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
		tasks: () => tasksOf(lab.chosen()),
		tasksOf: (run) => tasksOf(run.settings),
		color: (task) => facts.colors[task],
		ink: (task) => legible(facts.colors[task], paper),
		sizes: (wide = lab.chosen().wide) => {
			const { corpus, encoder, plan } = lab.chosen();
			const costs = model.get("sizes")[corpus]?.[encoder];
			return costs && sizesAt(wide ? widened(plan, lab.tasks(), costs) : costs.width, costs);
		},
		preset: (name) => only(facts.presets[name], lab.tasks()),
		isOnBoard: (settings) => same(settings.plan, lab.chosen().plan, facts.tasks),
		told: (said) => (said.text ? said.text : said.key ? say(said.key, said.values) : ""),
		named: (dial, option) => {
			if (option === null) return say("none");
			if (dial === "relatedness" || dial === "agreement") return `${100 * option}%`;
			if (dial === "wide") return say(option ? "as separate" : "usual width");
			return facts.names[option] ?? (option in words ? say(option) : `${option}`);
		},
		brief: (run) => {
			const { settings, seeds, epoch } = run;
			const values = { ...settings, encoder: facts.names[settings.encoder], labels: settings.labels[facts.target] ?? 0,
				corpus: facts.names[settings.corpus], target: facts.target, seeds, epoch };
			const told = Object.keys(facts.usual).filter((dial) => settings[dial] !== facts.usual[dial])
				.map((dial) => say("told", { dial: say(dial), value: lab.named(dial, settings[dial]) }));
			const weights = Object.entries(settings.weights).map(([task, weight]) => `${task} × ${weight}`);
			if (weights.length) told.push(say("told", { dial: say("weights"), value: listed(say, weights) }));
			return [say(seeds === 1 ? "brief one" : "brief", values), ...told].join(" ");
		},
		put: (plan) => lab.change({ plan: inOrder(plan, facts.tasks) }),
		change,
		tell: (text) => {
			told = text;
			draw();
		},
		guess: (task, verdict) => {
			const { [task]: _, ...others } = lab.guesses();
			keep("guesses", verdict ? { ...others, [task]: verdict } : others);
		},
		instant: (/** @type {boolean} */ value) => keep("instant", value),
		ask,
	};

	function tasksOf(settings) {
		const there = new Set(Object.values(settings.plan)[0].flat());
		return facts.tasks.filter((task) => there.has(task));
	}

	function keep(name, value) {
		model.set(name, value);
		model.save_changes();
		draw();
	}

	/** Turn dials. The auxiliary task comes and goes with its own; weights are set by hand or found.
	 * @param {Record<string, any>} dials */
	function change(dials) {
		const next = { ...lab.chosen(), ...dials };
		if (dials.weights) next.balancing = facts.usual.balancing;
		else if (next.balancing !== facts.usual.balancing) next.weights = {};
		const there = lab.tasks().includes(facts.auxiliary);
		if ((next.relatedness !== null) !== there) {
			const plan = there
				? only(next.plan, lab.tasks().filter((task) => task !== facts.auxiliary))
				: joined(next.plan, facts.auxiliary, facts.target);
			next.plan = inOrder(plan, facts.tasks);
		}
		told = "";
		keep("chosen", next);
	}

	/** Ask the kernel for something that only it can do. */
	function ask(wish) {
		const id = ++asked;
		told = "";
		unanswered.set(id, setTimeout(() => (silent.hidden = false), PATIENCE));
		// What is set goes along: changes of the model may still be on their way.
		const set = Object.fromEntries(["chosen", "guesses", "instant"].map((name) => [name, model.get(name)]));
		model.send({ ...wish, id, ...(wish.do === "look" ? {} : { set }) });
	}

	function heard(message) {
		clearTimeout(unanswered.get(message.heard));
		unanswered.delete(message.heard);
		silent.hidden = true;
	}

	/** While something is trained, look again and again: some hosts show nothing unasked. */
	function look() {
		const busy = lab.doing().phase !== "idle";
		if (busy && !looking) looking = setInterval(() => unanswered.size || ask({ do: "look", seen: model.get("moment") }), LOOKING);
		if (!busy && looking) looking = clearInterval(looking) ?? 0;
	}

	const next = h("p", { class: "next", role: "status" });
	const trouble = h("div", { class: "trouble", role: "alert", hidden: true });
	const silent = h("p", { class: "trouble silent", role: "alert", hidden: true }, say("silent"));
	const board = diagram(lab);
	const [top, perLabel, train, folded, results, runs] = [presets(lab), labels(lab), start(lab), more(lab), charts(lab), book(lab)];
	root.append(
		silent, top.element, next, trouble,
		h("div", { class: "two" },
			h("div", { class: "side" }, board.element, perLabel.element, train.element, board.will, board.figures),
			results.element),
		folded.element, runs.element,
	);

	/** The one line: what to do first, what is being done, what has just happened. */
	function line() {
		const [doing, said] = [lab.doing(), lab.said()];
		if (doing.phase !== "idle") return say(doing.phase, doing);
		if (told) return `${told} ${say("then train")}`;
		if (said.place === "train" && said.key) return lab.told(said);
		return say(facts.trains ? "first" : "first here");
	}

	function drawTrouble() {
		const { what, details } = model.get("trouble");
		trouble.hidden = !what;
		const text = `${what}${details}`;
		if (trouble.dataset.text === text) return;
		trouble.dataset.text = text;
		if (!what) return trouble.replaceChildren();
		const more = details && h("details", {}, h("summary", {}, say("details")), h("pre", {}, details));
		trouble.replaceChildren(h("b", {}, say("trouble")), ` ${what}`, ...(more ? [more] : []));
	}

	function drawNow() {
		frame = 0;
		if (!root.clientWidth) return; // out of sight: drawn when it comes back
		paper = groundOf(root);
		write(next, line());
		drawTrouble();
		for (const part of [top, board, perLabel, train, folded, results, runs]) part.draw();
	}

	function draw() {
		look();
		frame ||= requestAnimationFrame(drawNow);
	}

	const answered = () => {
		told = "";
		draw();
	};
	const names = ["chosen", "shown", "beside", "doing", "guesses", "instant", "listed", "sizes", "trouble"];
	const listening = [...names.map((name) => [`change:${name}`, draw]), ["change:said", answered], ["msg:custom", heard]];
	for (const [event, listener] of listening) model.on(event, listener);
	const sized = new ResizeObserver(draw);
	sized.observe(root);
	const leave = settle(model, el, root, say("gone"), draw);

	return () => {
		for (const [event, listener] of listening) model.off(event, listener);
		sized.disconnect();
		clearInterval(looking);
		for (const waiting of unanswered.values()) clearTimeout(waiting);
		cancelAnimationFrame(frame);
		leave();
	};
}

function notEmpty(value) {
	return value && Object.keys(value).length ? value : null;
}

/** What anywidget calls for every view.
 * @param {{model: any, el: any}} host */
export function render({ model, el }) {
	return sharingLab(model, el);
}
