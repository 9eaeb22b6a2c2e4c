// Small helpers to build elements without markup in strings: nothing that comes from a topic is ever parsed as HTML.

/** An element; `on...` properties are listeners, `style` sets custom properties, null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same of a drawing. */
export function drawing(tag, properties, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

export function fill(id, ...children) {
  byId(id).replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

export function show(id, visible) {
  byId(id).hidden = !visible;
}

/** What stands where nothing is to be seen yet: what is missing, and the command that brings it. */
export function empty(title, text, command) {
  return h('div', { class: 'empty' },
    h('strong', {}, title),
    text ? h('span', {}, text) : null,
    command ? h('code', { class: 'command' }, command) : null);
}

/** Lets what scrolls sideways or up and down be reached by the keyboard, and only that. */
export function reachable(region) {
  const overflows = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
  if (overflows) {
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', region.querySelector('caption')?.textContent ?? region.dataset.label ?? 'Table');
  } else {
    region.removeAttribute('tabindex');
    region.removeAttribute('role');
    region.removeAttribute('aria-label');
  }
}

/** Keeps `reachable` true of every scrolling part of the page. */
export function watchScrolling() {
  for (const region of document.querySelectorAll('.scroll')) {
    const look = () => reachable(region);
    new ResizeObserver(look).observe(region);
    new MutationObserver(look).observe(region, { childList: true });
    region.closest('details')?.addEventListener('toggle', look);
    look();
  }
}

/** A table from column titles and rows of cells; a cell may be text, a node, or {number} for right alignment. */
export function table(caption, columns, rows, { hideCaption = true } = {}) {
  const head = columns.map((column) =>
    h('th', { scope: 'col', class: column.number ? 'number' : null }, column.title ?? column));
  return h('table', { class: hideCaption ? 'hidden-caption' : null },
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, head)),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, i) =>
      i === 0
        ? h('th', { scope: 'row' }, cell)
        : h('td', { class: columns[i].number ? 'number' : null }, cell))))));
}
