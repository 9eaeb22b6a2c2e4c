// Versions with their standing, what their certificate says, alerts and dead letters.

import { empty, fill, h, table } from './dom.js';
import { count, percent, taskColour, taskName, time } from './format.js';

const STANDING = {
  champion: ['Champion', 'good'],
  promoted: ['Promoted', 'neutral'],
  quarantined: ['Quarantined', 'bad'],
  candidate: ['Candidate', 'busy'],
};

export function renderVersions(model) {
  fill('certificate', certificate(model));
  if (model.versions.length === 0) {
    fill('versions', empty('Only the base exists', 'A version is the base plus the adapters committed so far.'));
    return;
  }
  fill('versions', table('Versions, newest first', [
    'Version', 'Brought', 'Method', { title: 'Owns', number: true }, 'Standing', 'Committed',
  ], [...model.versions].reverse().map((version) => [
    h('span', { class: 'task-name' }, String(version.number)),
    h('span', {}, h('span', { class: 'swatch', style: { '--swatch': taskColour(version.number - 1) } }), version.task),
    version.method,
    percent(version.owned / model.eligible),
    standing(version.standing),
    h('time', { class: 'muted', datetime: version.at }, time(version.at)),
  ])));
}

function standing(name) {
  const [label, tone] = STANDING[name];
  return h('span', { class: 'pill', 'data-tone': tone }, label);
}

function certificate(model) {
  if (model.ownership === 'SHARED') return 'Shared ownership: nothing is certified.';
  const { certificate: held } = model;
  if (!held) return 'Each version will carry a certificate of every owned weight.';
  return held.ok
    ? `Certificate of version ${held.version}: the owned weights of all ${held.tasks.length} tasks are byte-identical to their commit.`
    : `Certificate of version ${held.version} does NOT hold for ${held.tasks.filter((task) => !task.ok).map((task) => task.task).join(', ')}.`;
}

export function renderAlerts(alerts, deadLetters) {
  fill('alerts-note', alerts.length === 0 ? 'Nothing needs attention.' : `${count(alerts.length)} raised, newest first.`);
  fill('alerts', alerts.length === 0
    ? empty('No alert', 'One appears when a version forgets more than half its budget, or a task view changes.')
    : alerts.map(alert));
  fill('dead-letters', deadLetters.length === 0 ? null : h('div', { class: 'dead' },
    table('Dead letters by task', ['Task', { title: 'Dead letters', number: true }, 'Reasons'],
      deadLetters.map((entry) => [
        h('span', { class: 'task-name' }, taskName(entry.task)),
        count(entry.count),
        h('div', {},
          Object.entries(entry.codes).map(([code, n]) => `${code} ${count(n)}`).join(', '),
          (entry.newest ?? []).map((letter) => look(entry.task, letter))),
      ]))));
  for (const key of open) {
    const again = [...document.querySelectorAll('.letter')].find((letter) => letter.dataset.key === key);
    if (again) again.open = true;
  }
}

/** Which records are being looked at; they stay open when the list is drawn again. */
const open = new Set();

/** The newest record of one kind: why it was put aside, where it lies, how it begins. */
function look(task, letter) {
  const key = `${task} ${letter.code}`;
  return h('details', { class: 'letter', 'data-key': key, ontoggle: (event) => (event.target.open ? open.add(key) : open.delete(key)) },
    h('summary', {}, `The newest ${letter.code}`),
    h('p', {}, letter.reason),
    h('p', { class: 'muted' }, `${letter.source} · ${count(letter.bytes)} bytes`),
    h('pre', {}, letter.content || 'no value'));
}

function alert(entry) {
  const critical = entry.severity === 'CRITICAL';
  return h('div', { class: 'alert', 'data-code': entry.code },
    h('span', { class: 'pill', 'data-tone': critical ? 'bad' : 'warn' }, critical ? 'Critical' : 'Warning'),
    h('span', {}, entry.message),
    h('time', { datetime: entry.at }, `${entry.code} · ${time(entry.at)}`));
}
