// The lab on a page without a kernel: answers come from the table of finished runs, which the page
// carries, and what is on the board stands in the address.

import { sharingLab } from "./lab.js";
import { h } from "./dom.js";
import { asCode, inOrder } from "./plan.js";
import { PageState } from "./state.js";
import { sayer } from "./words.js";

const DIALS = ["corpus", "encoder", "labels", "epochs", "learning_rate", "relatedness", "balancing", "sampling", "agreement", "wide"];
const SAID = ["corpus", "encoder", "balancing"]; // in an address

/** What settings that mean the same have in common.
 * @param {any} settings @param {string[]} tasks */
export function keyOf(settings, tasks) {
	const plan = inOrder(settings.plan, tasks);
	const there = Object.values(plan)[0].flat();
	const labels = tasks.filter((task) => there.includes(task)).map((task) => settings.labels[task]);
	const weights = Object.entries(settings.weights ?? {}).filter(([, weight]) => weight !== 1);
	return JSON.stringify([plan, ...DIALS.map((dial) => (dial === "labels" ? labels : settings[dial])), weights]);
}

/** The state of the board as an address's fragment.
 * @param {string} language @param {any} chosen @param {string} target */
export function toAddress(language, chosen, target) {
	const levels = Object.entries(chosen.plan).map(
		([level, groups]) => `${level}:${groups.map((group) => group.join("+")).join(",")}`,
	);
	const dials = Object.fromEntries(SAID.map((dial) => [dial, chosen[dial]]));
	const wide = chosen.wide ? { wide: "yes" } : {};
	const parts = { language, ...dials, ...wide, [target]: chosen.labels[target], plan: levels.join(";") };
	return `#${Object.entries(parts).map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** The state that an address's fragment asks for; what it does not know or say stays as it is.
 * @param {string} fragment @param {string} language @param {any} chosen @param {any} facts */
export function fromAddress(fragment, language, chosen, facts) {
	const parts = Object.fromEntries(decodeURIComponent(fragment.slice(1)).split("&").map((part) => part.split("=")));
	const next = { ...chosen };
	for (const dial of SAID)
		if (facts.dials[dial].includes(parts[dial])) next[dial] = parts[dial];
	next.wide = parts.wide === "yes" && facts.dials.wide.includes(true);
	const labels = Number(parts[facts.target]);
	if (facts.dials.labels.includes(labels)) next.labels = { ...next.labels, [facts.target]: labels };
	const plan = Object.fromEntries((parts.plan ?? "").split(";").map((level) => {
		const [name, groups] = level.split(":");
		return [name, (groups ?? "").split(",").map((group) => group.split("+"))];
	}));
	const tasks = Object.values(chosen.plan)[0].flat();
	if (isPlan(plan, facts.levels, tasks)) next.plan = inOrder(plan, facts.tasks);
	return { language: ["en", "zh"].includes(parts.language) ? parts.language : language, chosen: next };
}

/** Whether every level has each task at most once, the lowest all of them, and nobody comes back.
 * @param {any} plan @param {string[]} levels @param {string[]} tasks */
export function isPlan(plan, levels, tasks) {
	let below = [...tasks];
	const names = Object.keys(plan);
	if (!names.length || names.some((name, i) => name !== levels[i])) return false;
	for (const [place, groups] of Object.values(plan).entries()) {
		const here = groups.flat();
		if (new Set(here).size !== here.length || !here.every((task) => below.includes(task))) return false;
		if (!place && here.length !== tasks.length) return false;
		below = here;
	}
	return true;
}

/** Answers without a kernel: the model of a lab on a page. */
export class PageModel extends PageState {
	/** @param {Record<string, any>} state @param {any[]} answers */
	constructor(state, answers) {
		super(state);
		this.tasks = state.facts.tasks;
		this.known = new Map(answers.map((answer) => [keyOf(answer.settings, this.tasks), answer]));
		/** @type {any[]} */
		this.entries = [];
		/** @type {any[][]} */
		this.removed = [];
		this.used = 0;
	}
	/** @param {any} wish */
	send(wish) {
		const { numbers } = wish;
		const wishes = {
			train: () => this.train(),
			show: () => this.show(numbers[0]),
			compare: () => this.compare(numbers),
			remove: () => this.remove(numbers),
			undo: () => this.undo(),
		};
		wishes[(wish.do)]();
		this.tell("msg:custom", { heard: wish.id });
	}
	/** @param {string} place @param {string} key @param {any} [values] */
	say(place, key, values = {}) {
		this.set("said", { place, key, values });
	}
	/** @param {number} number */
	entry(number) {
		return this.entries.find((entry) => entry.number === number);
	}
	/** @param {number} number */
	show(number) {
		this.set("beside", {});
		this.set("shown", this.entry(number));
	}
	train() {
		const answer = this.known.get(keyOf(this.state.chosen, this.tasks));
		if (!answer) return this.say("train", "not in table");
		const guesses = this.state.guesses;
		const tasks = Object.entries(answer.tasks).map(([task, of]) => {
			const guess = guesses[task] ?? null;
			return [task, { ...(of), guess, right: guess && guess === (of).verdict }];
		});
		const number = ++this.used;
		this.entries.push({ ...answer, number, tasks: Object.fromEntries(tasks) });
		this.set("guesses", {});
		this.list();
		this.show(number);
		this.say("train", "instant answer");
	}
	/** @param {number[]} numbers */
	compare(numbers) {
		if (numbers.length !== 2) return this.say("book", "choose two");
		this.show(numbers[0]);
		this.set("beside", this.entry(numbers[1]));
		this.say("book", "comparing", { first: numbers[0], second: numbers[1] });
	}
	/** @param {number[]} numbers */
	remove(numbers) {
		const gone = this.entries.filter((entry) => numbers.includes(entry.number));
		if (!gone.length) return this.say("book", "choose");
		this.removed.push(gone);
		this.entries = this.entries.filter((entry) => !gone.includes(entry));
		this.list();
		this.say("book", "removed", { n: gone.length });
	}
	undo() {
		const back = this.removed.pop();
		if (!back) return this.say("book", "none removed");
		this.entries = [...this.entries, ...back].sort((a, b) => a.number - b.number);
		this.list();
		this.say("book", "undone", { n: back.length });
	}
	list() {
		const guessed = this.entries.flatMap((entry) => Object.values(entry.tasks)).filter((t) => t.guess);
		const right = guessed.filter((t) => t.right).length;
		this.set("listed", { entries: [...this.entries], right, judged: guessed.length, file: "" });
	}
}

/** The page: a heading with the other language, the lab, and how to train what no table knows.
 * @param {HTMLElement} place @param {any} data what `lab_page.py` wrote */
export function openPage(place, data) {
	let language = navigator.language.startsWith("zh") ? "zh" : "en";
	let chosen = data.chosen;
	let end = () => {};
	/** @type {any} */
	let model = null;

	function open() {
		end();
		const facts = { ...data.facts, language };
		const words = data.words[language];
		const say = sayer(words);
		document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
		document.title = say("title");
		const before = model?.state ?? { guesses: {}, instant: true, doing: { phase: "idle" }, said: {}, shown: {}, beside: {},
			listed: { entries: [], right: 0, judged: 0, file: "" }, trouble: { what: "", details: "" }, moment: 0 };
		const fresh = new PageModel({ ...before, facts, words, sizes: data.sizes, chosen }, data.answers);
		if (model) Object.assign(fresh, { entries: model.entries, removed: model.removed, used: model.used });
		model = fresh;
		const code = h("code");
		const links = data.links.map((link) => h("a", { href: link[language] }, say(link.key)));
		const yourself = h("p", { class: "yourself" }, say("yourself"), " ", code, ...links.flatMap((link) => [" ", link]));
		const note = () => {
			chosen = model.get("chosen");
			const plan = asCode(chosen.plan).replace(/\s+/g, " ").replace("{ ", "{").replace(", }", "}");
			const balanced = chosen.balancing === facts.usual.balancing ? "" : `, balancing="${chosen.balancing}"`;
			const wide = chosen.wide ? ", wide=True" : "";
			code.textContent = `SharingLab(${plan}, language="${language}", corpus="${chosen.corpus}", encoder="${chosen.encoder}"${balanced}${wide}, labels={"${facts.target}": ${chosen.labels[facts.target]}})`;
			const address = toAddress(language, chosen, facts.target);
			if (decodeURIComponent(location.hash) !== address) location.replace(address);
		};
		model.on("change:chosen", note);
		const other = language === "zh" ? "en" : "zh";
		const turn = h("button", { type: "button", lang: other === "zh" ? "zh-CN" : "en", onclick: () => {
			language = other;
			open();
		} }, facts.names[other]);
		const lab = h("div", {});
		const box = data.box ? h("p", {}, h("a", { href: `box.html#language=${language}` }, say("box page"))) : "";
		place.replaceChildren(h("header", {}, h("h1", {}, say("title")), turn), h("p", {}, say("lead")), lab, yourself, box);
		end = sharingLab(model, lab);
		note();
	}

	function follow() {
		const asked = fromAddress(location.hash, language, chosen, data.facts);
		if (toAddress(asked.language, asked.chosen, data.facts.target) === toAddress(language, chosen, data.facts.target)) return;
		chosen = asked.chosen;
		if (asked.language !== language || !model) {
			language = asked.language;
			open();
		} else model.set("chosen", chosen);
	}
	({ language, chosen } = fromAddress(location.hash, language, chosen, data.facts));
	if (!location.hash.includes("corpus=")) chosen = { ...chosen, corpus: language }; // as a notebook's lab
	addEventListener("hashchange", follow);
	open();
}
