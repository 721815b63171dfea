/** Add-ons as a table: each with the names under which the app sees it. Pure. */
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import { columns } from '../table.js';
import type { Paint } from '../terminal.js';

/** Columns that the table needs to have each add-on on one line. */
const WIDE = 76;

/** @param width of the terminal */
export function addonTable(addons: readonly AddonJson[], paint: Paint, width: number): string {
  const state = ({ status }: AddonJson) =>
    status === 'up' ? paint.green('up') : paint.red('down');
  const names = ({ attachments }: AddonJson) =>
    attachments.map((name, index) => {
      const branch = index === attachments.length - 1 ? '└─' : '├─';
      return [` ${paint.dim(branch)} as ${name}`];
    });
  if (width < WIDE) {
    const narrow = addons.flatMap((addon) => [
      [paint.cyan(addon.name), state(addon), addon.plan.name],
      ...names(addon),
    ]);
    return columns(narrow, width);
  }
  const rows = addons.flatMap((addon) => [
    [paint.cyan(addon.name), addon.plan.name, 'free', state(addon)],
    ...names(addon),
  ]);
  const titles = ['Add-on', 'Plan', 'Price', 'State'].map((title) => paint.dim(title));
  return columns([titles, ...rows], width);
}

/** The whole of one add-on. @param created when it was made, as shown */
export function addonDetails(addon: AddonJson, created: string, width: number): string {
  const rows = [
    ['Attachments:', addon.attachments.join(', ') || 'none'],
    ['Config vars:', addon.config_vars.join(', ') || 'none'],
    ['Installed at:', created],
    ['Owning app:', addon.app.name],
    ['Plan:', addon.plan.name],
    ['Price:', 'free'],
    ['State:', addon.failure ?? addon.status],
    ...(addon.web_url === null ? [] : [['Page:', addon.web_url]]),
    ...(addon.provision_message === null ? [] : [['Note:', addon.provision_message]]),
  ];
  return columns(rows, width);
}
