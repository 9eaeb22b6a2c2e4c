// Alerts, who looks after them, what is silenced, how their sending ended; and dead letters.

import { actButton } from './acts.js';
import { empty, fill, h, table } from './dom.js';
import { count, taskName, time } from './format.js';

const STATES = { acknowledged: ['Acknowledged', 'neutral'], silenced: ['Silenced', 'neutral'] };

export function renderAlerts(alerts, deadLetters) {
  const open = alerts.filter((alert) => alert.state === 'open').length;
  fill('alerts-note', alerts.length === 0 ? 'Nothing needs attention.' : `${count(open)} open of ${count(alerts.length)}, newest first.`);
  fill('alerts', alerts.length === 0
    ? empty('No alert', 'One appears when a task drops, a training fails, records are put aside, live answers fall behind, or a model waits for you. To be told elsewhere, name an endpoint and its secret:',
      'tessellate up --set tessellate.alerts.webhooks.NAME.url=URL --set tessellate.alerts.webhooks.NAME.secret-file=FILE')
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
}

/** The newest record of one kind: why it was put aside, where it lies, how it begins. */
function look(task, letter) {
  return h('details', { class: 'letter', 'data-key': `${task} ${letter.code}` },
    h('summary', {}, `The newest ${letter.code}`),
    h('p', {}, letter.reason),
    h('p', { class: 'muted' }, `${letter.source} · ${count(letter.bytes)} bytes`),
    h('pre', {}, letter.content || 'no value'));
}

function alert(entry) {
  const critical = entry.severity === 'CRITICAL';
  const [label, tone] = STATES[entry.state] ?? [critical ? 'Critical' : 'Warning', critical ? 'bad' : 'warn'];
  return h('div', { class: 'alert', 'data-code': entry.code, 'data-state': entry.state, 'data-key': entry.id },
    h('span', { class: 'pill', 'data-tone': tone }, label),
    h('div', {},
      h('span', {}, entry.message),
      said(entry),
      (entry.deliveries ?? []).filter((sent) => sent.outcome === 'given up').map((sent) => givenUp(entry, sent)),
      h('div', { class: 'acts' },
        entry.acknowledged ? null : actButton('acknowledge', 'Acknowledge…', { alert: entry.id }),
        entry.silenced ? actButton('lift', 'Lift the silence…', { silence: entry.silenced.id }) : actButton('silence', 'Silence…', { alert: entry.id }))),
    h('time', { datetime: entry.at }, `${entry.code} · ${time(entry.at)}`));
}

/** What an endpoint never took: why, what it should have heard, and what can be done. */
function givenUp(entry, sent) {
  return h('div', { class: 'given-up', 'data-endpoint': sent.endpoint },
    h('p', { class: 'problem' }, h('b', {}, `${sent.endpoint} did not hear of it`), ` in ${count(sent.attempts)} ${sent.attempts === 1 ? 'try' : 'tries'}: ${sent.reason}.`),
    h('p', { class: 'muted' }, 'It is not sent again. Acknowledge it here, and see to the endpoint: the next alert is sent as ever. What it should have heard is kept, and can be posted to it by hand under the same id.'),
    sent.body ? h('details', { class: 'letter', 'data-key': `${entry.id} ${sent.endpoint}` },
      h('summary', {}, `What ${sent.endpoint} should have heard`),
      h('p', { class: 'muted' }, `webhook-id: ${entry.id}`),
      h('pre', {}, JSON.stringify(JSON.parse(sent.body), null, 2))) : null);
}

/** Who looks after it, until when it is silenced, where it was sent. */
function said(entry) {
  const lines = [];
  if (entry.acknowledged) lines.push(`Acknowledged by ${entry.acknowledged.who}, ${time(entry.acknowledged.at)}${entry.acknowledged.why ? `: ${entry.acknowledged.why}` : ''}`);
  if (entry.silenced) lines.push(`Silenced until ${time(entry.silenced.until)} by ${entry.silenced.who}${entry.silenced.why ? `: ${entry.silenced.why}` : ''}`);
  for (const sent of (entry.deliveries ?? []).filter((each) => each.outcome !== 'given up')) lines.push(`${sent.endpoint}: ${String(sent.outcome).toLowerCase()} after ${count(sent.attempts)} ${sent.attempts === 1 ? 'try' : 'tries'}${sent.reason ? `, ${sent.reason}` : ''}`);
  return lines.length === 0 ? null : h('ul', { class: 'remarks muted' }, lines.map((line) => h('li', {}, line)));
}
