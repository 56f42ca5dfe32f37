// Elements from plain data. Text is set as text, never as HTML.

const FOCUSED = new Set(["button", "select", "input", "summary", "textarea"]);

/** @typedef {Record<string, any>} Properties */

/** @param {Element} element @param {Properties} properties @param {any[]} children */
function filled(element, properties, children) {
	for (const [name, value] of Object.entries(properties)) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, value === true ? "" : String(value));
	}
	// JupyterLab asks the very element that has the focus whether it wants its keys for itself.
	if (FOCUSED.has(element.localName) || "tabindex" in properties)
		element.setAttribute("data-lm-suppress-shortcuts", "true");
	element.append(...children.filter((child) => child !== null && child !== undefined));
	return element;
}

/** An HTML element: h("p", {class: "hint"}, "text", child).
 * @param {string} tag @param {Properties} [properties] @param {...any} children
 * @returns {any} */
export function h(tag, properties = {}, ...children) {
	return filled(document.createElement(tag), properties, children);
}

/** An SVG element.
 * @param {string} tag @param {Properties} [properties] @param {...any} children
 * @returns {any} */
export function svg(tag, properties = {}, ...children) {
	const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
	return filled(element, properties, children);
}

/** Set attributes, only where they differ.
 * @param {Element} element @param {Properties} properties */
export function set(element, properties) {
	for (const [name, value] of Object.entries(properties)) {
		if (value === null || value === undefined || value === false) element.removeAttribute(name);
		else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
	}
}

/** Set an element's text, only where it differs: screen readers read what is set.
 * @param {Element} element @param {string} text */
export function write(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** A select, and what is to be done with the value that is chosen.
 * @param {any[][]} options [value, text] @param {(value: any) => void} chosen
 * @param {Properties} [properties] */
export function select(options, chosen, properties = {}) {
	const element = h(
		"select",
		{ ...properties, onchange: () => chosen(options[element.selectedIndex][0]) },
		...options.map(([, text]) => h("option", {}, text)),
	);
	element.show = (value) => {
		element.selectedIndex = options.findIndex(([each]) => each === value);
	};
	return element;
}
