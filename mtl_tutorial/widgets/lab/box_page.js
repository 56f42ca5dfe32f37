// The sentence box on a page without a kernel: the model itself computes here.

import { answerer } from "./answers.js";
import { sentenceBox } from "./box.js";
import { h } from "./dom.js";
import { engine } from "./engine.js";
import { PageState } from "./state.js";
import { sayer } from "./words.js";

/** The box's model: answers what is typed last. */
export class BoxModel extends PageState {
	/** @param {Record<string, any>} state @param {(text: string) => Promise<any>} answer */
	constructor(state, answer) {
		super({ typed: "", answer: {}, trouble: { what: "", details: "" }, ...state });
		this.answer = answer;
	}
	/** @param {{ typed: string }} message */
	async send(message) {
		this.asked = message;
		const typed = message.typed.trim();
		let found = {}, trouble = { what: "", details: "" };
		try {
			if (typed) found = await this.answer(typed);
		} catch (/** @type {any} */ error) {
			trouble = { what: error.message, details: String(error.cause?.stack ?? error.stack) };
		}
		if (this.asked !== message) return; // something else was typed meanwhile
		this.state.typed = typed;
		this.state.trouble = trouble;
		this.set("answer", found);
	}
}

/** The page: a heading with the other language, the box with an answer in it, and how good it is.
 * @param {HTMLElement} place @param {any} data what `box_page.py` wrote */
export function openBoxPage(place, data) {
	const asked = /language=(en|zh)/.exec(location.hash)?.[1];
	let language = asked ?? (navigator.language.startsWith("zh") ? "zh" : "en");
	let end = () => {};
	/** @type {Record<string, ReturnType<typeof engine>>} */
	const engines = {};

	function open() {
		end();
		const { words, examples, model, file } = data[language];
		const say = sayer(words);
		const other = language === "zh" ? "en" : "zh";
		document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
		document.title = say("title");
		const turn = h("button", { type: "button", lang: other === "zh" ? "zh-CN" : "en", onclick: () => turnTo(other) }, say("other"));
		const lab = h("a", { href: `index.html#language=${language}` }, say("lab"));
		const loading = h("p", { role: "status" }, say("loading"));
		const box = h("div", {});
		place.replaceChildren(h("header", {}, h("h1", {}, say("title")), turn), h("p", {}, say("lead")), loading, box,
			h("p", { class: "beside" }, say("scores")), h("p", {}, say("limits")), h("p", {}, lab));
		const ready = (engines[language] ??= engine(file));
		const compute = async (/** @type {number[]} */ ids) => (await ready.catch(unloaded))(ids);
		const unloaded = (/** @type {Error} */ cause) => {
			throw Error(say("unloaded"), { cause });
		};
		const state = new BoxModel({ words, language, examples, typed: examples[0] }, answerer(model, data.colors, compute));
		state.send({ typed: examples[0] }).then(() => loading.remove());
		end = sentenceBox(state, box);
	}

	/** @param {string} next */
	function turnTo(next) {
		language = next;
		location.replace(`#language=${language}`);
		open();
	}
	addEventListener("hashchange", () => {
		const next = /language=(en|zh)/.exec(location.hash)?.[1];
		if (next && next !== language) turnTo(next);
	});
	open();
}
