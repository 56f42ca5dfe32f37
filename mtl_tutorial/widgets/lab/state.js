// What a page without a kernel knows.

/** Stands where a notebook has a widget's model, with the same methods. */
export class PageState {
	/** @param {Record<string, any>} state */
	constructor(state) {
		this.state = state;
		/** @type {Map<string, Set<Function>>} */
		this.listeners = new Map();
	}
	/** @param {string} name */
	get(name) {
		return this.state[name];
	}
	/** @param {string} name @param {any} value */
	set(name, value) {
		this.state[name] = value;
		this.tell(`change:${name}`);
	}
	save_changes() {}
	/** @param {string} name @param {any} [message] */
	tell(name, message) {
		for (const listener of this.listeners.get(name) ?? []) listener(message);
	}
	/** @param {string} name @param {Function} listener */
	on(name, listener) {
		this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
	}
	/** @param {string} name @param {Function} listener */
	off(name, listener) {
		this.listeners.get(name)?.delete(listener);
	}
}
