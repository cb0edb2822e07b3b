/** The panel's style sheet. Sizes are in `em` of the customer's own text size; colours come from the host (widget.js). */

export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host {
  --_surface: #fff; --_ground: #f4f6f8; --_text: #17212b; --_muted: #55626f; --_line: #dce2e8; --_field: #8793a0;
  --_link: var(--guichet-link, var(--_accent));
  --_soft: color-mix(in srgb, var(--_accent) 9%, var(--_surface));
  --_danger: #b3261e; --_danger-soft: #fdeceb; --_warning: #7a4b00; --_warning-soft: #fff3dc;
  --_success: #166139; --_success-soft: #e2f5e9; --_info: #0b5394; --_info-soft: #e5f0fb;
  --_shadow: 0 0 0 1px #1020300f, 0 8px 20px -8px #10203033, 0 28px 64px -12px #10203059;
  --_radius: var(--guichet-radius, 18px);
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --_surface: #1d252d; --_ground: #141a20; --_text: #e9eef3; --_muted: #a6b2be; --_line: #33404c; --_field: #74828f;
    --_link: var(--guichet-link, color-mix(in oklab, var(--_accent) 45%, #fff));
    --_soft: color-mix(in srgb, var(--_accent) 26%, var(--_surface));
    --_danger: #ffb4ab; --_danger-soft: #47201d; --_warning: #ffd28a; --_warning-soft: #402d0c;
    --_success: #8fdcae; --_success-soft: #153623; --_info: #a5cdf5; --_info-soft: #16324e;
    --_shadow: 0 0 0 1px #fff2, 0 28px 64px -12px #000b;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.hidden, .same .who, [data-author="customer"] .who, [data-author="system"] .who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
button, textarea, input { font: inherit; color: inherit; }
button { cursor: pointer; }
.icon { flex: none; width: 1.35em; height: 1.35em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 3px solid var(--_link); outline-offset: 2px; }
.panel {
  position: fixed; inset: auto 0 0 auto; right: max(var(--_x), env(safe-area-inset-right)); bottom: var(--_y);
  width: min(25.5em, calc(100vw - 2 * var(--_x))); height: min(44em, calc(100dvh - 2 * var(--_y))); max-width: none; max-height: none;
  margin: 0; padding: 0; border: 0; border-radius: var(--_radius); overflow: clip;
  background: var(--_ground); color: var(--_text); box-shadow: var(--_shadow);
  flex-direction: column; transform-origin: 100% 100%;
}
.panel::backdrop { background: none; }
.panel[open] { display: flex; animation: open .24s cubic-bezier(.2, .8, .3, 1); }
:host([side="left"]) .panel { right: auto; left: max(var(--_x), env(safe-area-inset-left)); transform-origin: 0 100%; }
@keyframes open { from { opacity: 0; transform: translateY(14px) scale(.97); } }
@keyframes rise { from { opacity: 0; transform: translateY(6px); } }
.top {
  position: relative; flex: none; display: grid; grid-template-columns: auto 1fr auto auto; align-items: center; column-gap: .75em;
  padding: .9em .65em .9em 1.1em; background: var(--_accent); color: var(--_on-accent);
}
.top :focus-visible { outline-color: currentColor; outline-offset: -3px; }
.avatar { display: grid; place-items: center; width: 2.6em; height: 2.6em; border-radius: 50%; background: color-mix(in srgb, currentColor 16%, transparent); }
.avatar .icon + .icon, [data-state="human"] .avatar .icon:first-child { display: none; }
[data-state="human"] .avatar .icon + .icon { display: block; }
.names { min-width: 0; }
.names h2 { font-size: 1.04em; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.state { display: flex; align-items: center; gap: .45em; font-size: .84em; line-height: 1.35; opacity: .92; }
.state::before { content: ""; flex: none; width: .55em; height: .55em; border-radius: 50%; background: #7be0a5; }
[data-state="waiting"] .state::before { background: #ffd166; }
[data-state="closed"] .state::before { background: currentColor; opacity: .5; }
.round { display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 50%; background: none; }
.round + .round { margin-left: -.75em; }
.field .round { color: var(--_muted); }
.round:hover { background: color-mix(in srgb, currentColor 14%, transparent); }
[aria-controls="options"] .icon { stroke-width: 2.8; }
.person {
  grid-column: 1 / -1; display: flex; align-items: center; justify-content: center; gap: .5em; min-height: 44px; margin: .75em .45em 0 0; padding: .3em 1em;
  border: 1px solid color-mix(in srgb, currentColor 38%, transparent); border-radius: 12px; background: color-mix(in srgb, currentColor 9%, transparent);
  font-size: .94em; font-weight: 600;
}
.person:hover { background: color-mix(in srgb, currentColor 20%, transparent); }
:is([data-state="waiting"], [data-state="human"], [data-state="closed"]) .person { display: none; }
.options {
  position: absolute; z-index: 3; top: 4.1em; right: .75em; min-width: 14em; padding: .4em;
  border-radius: 14px; background: var(--_surface); color: var(--_text); box-shadow: var(--_shadow); animation: rise .15s ease;
}
.options button { display: block; width: 100%; min-height: 44px; padding: .6em .8em; border: 0; border-radius: 10px; background: none; font-size: .95em; font-weight: 500; text-align: left; }
.options button:hover { background: var(--_ground); }
.options :focus-visible { outline-color: var(--_link); }
.banner:not(:empty), .notice:not(:empty) { flex: none; padding: .55em 1.2em; font-size: .88em; text-align: center; }
.banner { background: var(--_warning-soft); color: var(--_warning); }
.notice { margin: 0 1em .6em; border-radius: 10px; background: var(--_info-soft); color: var(--_info); }
.log { position: relative; flex: 1 1 auto; min-height: 0; padding: 1.1em 1.1em .6em; overflow: hidden auto; overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; }
.day { margin: .3em 0 1.1em; color: var(--_muted); font-size: .78em; text-align: center; }
.day::first-letter { text-transform: uppercase; }
.message { position: relative; display: flex; flex-direction: column; align-items: flex-start; max-width: 90%; margin-top: .9em; animation: rise .22s ease; }
.day + .message { margin-top: 0; }
.who { display: flex; align-items: center; gap: .4em; margin: 0 0 .35em .15em; color: var(--_muted); font-size: .8em; font-weight: 600; }
.who .icon { width: 1.3em; height: 1.3em; }
.bubble { max-width: min(100%, 24em); padding: .65em .95em; border-radius: 16px 16px 16px 5px; background: var(--_surface); box-shadow: 0 1px 2px #10203014; font-size: .97em; overflow-wrap: anywhere; }
.bubble p + p, .bubble :is(p, ul) + :is(p, ul), .details > * + * { margin-top: .6em; }
.bubble ul { padding-left: 1.15em; }
.bubble li + li { margin-top: .2em; }
a { color: var(--_link); border-radius: 3px; }
.meta { display: flex; gap: .5em; margin: .25em .3em 0; color: var(--_muted); font-size: .75em; }
.delivery:not(:empty)::before { content: "· "; }
.same { margin-top: .5em; }
.message:not([data-delivery="sending"]):has(+ .same) .meta { display: none; }
[data-author="agent"] .bubble { background: var(--_soft); box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--_accent) 22%, transparent); }
[data-author="agent"] .who { color: var(--_link); }
[data-author="customer"] { align-items: flex-end; margin-left: auto; max-width: 84%; }
[data-author="customer"] .bubble { border-radius: 16px 16px 5px 16px; background: var(--_accent); color: var(--_on-accent); box-shadow: none; }
[data-author="customer"] .bubble a { color: inherit; }
[data-delivery="sending"] .bubble { opacity: .72; }
[data-delivery="failed"] .bubble { background: var(--_danger-soft); color: var(--_danger); box-shadow: inset 0 0 0 1px var(--_danger); }
[data-delivery="failed"] .meta { display: none; }
[data-author="system"] { max-width: 100%; align-items: center; }
[data-author="system"] .bubble { padding: .2em 1em; background: none; box-shadow: none; color: var(--_muted); font-size: .88em; text-align: center; }
[data-author="system"] .meta { display: none; }
.change { display: flex; align-items: center; gap: .8em; margin: 1.1em 0 .9em; color: var(--_muted); font-size: .84em; text-align: center; }
.change::before, .change::after { content: ""; flex: 1 1 1em; height: 1px; background: var(--_line); }
.failure { display: grid; grid-template-columns: auto 1fr; align-items: start; gap: 0 .45em; margin-top: .4em; color: var(--_danger); font-size: .86em; line-height: 1.4; }
.retry { grid-column: 2; justify-self: end; min-height: 44px; padding: 0 .6em; border: 0; border-radius: 8px; background: none; font-weight: 600; text-decoration: underline; }
.degraded { display: flex; gap: .4em; margin: .45em .2em 0; color: var(--_muted); font-size: .8em; }
.more { display: flex; align-items: center; gap: .35em; min-height: 44px; margin: .15em 0 -.4em -.4em; padding: 0 .4em; border: 0; border-radius: 8px; background: none; color: var(--_link); font-weight: 600; font-size: .95em; }
.more .icon { width: 1.1em; height: 1.1em; }
.more[aria-expanded="true"] .icon { rotate: 180deg; }
.details { margin: .5em 0 .3em; padding-top: .7em; border-top: 1px solid var(--_line); }
.card { width: 100%; min-width: min(17em, 100%); margin-top: .5em; padding: 1em; border: 1px solid var(--_line); border-radius: 16px; background: var(--_surface); font-size: .93em; overflow-wrap: anywhere; }
.who + .card { margin-top: 0; }
.message:has(.card) { width: 100%; max-width: 100%; }
.card header { display: flex; flex-wrap: wrap; align-items: center; gap: .4em .65em; }
.kind { position: relative; display: grid; place-items: center; width: 2.2em; height: 2.2em; border-radius: 10px; background: var(--_soft); color: var(--_link); }
.card h3 { flex: 1 1 7em; font-size: 1.02em; font-weight: 600; line-height: 1.3; }
.badge { padding: .2em .7em; border-radius: 99px; background: var(--_ground); color: var(--_muted); font-size: .84em; font-weight: 600; }
.badge[data-tone="info"] { background: var(--_info-soft); color: var(--_info); }
.badge[data-tone="success"] { background: var(--_success-soft); color: var(--_success); }
.badge[data-tone="warning"] { background: var(--_warning-soft); color: var(--_warning); }
.badge[data-tone="danger"] { background: var(--_danger-soft); color: var(--_danger); }
.steps { margin-top: .95em; }
.bar { display: flex; gap: 4px; }
.bar i { flex: 1; height: 6px; border-radius: 3px; background: var(--_line); }
.bar .done { background: var(--_link); }
.steps p { display: flex; justify-content: space-between; gap: 1em; margin-top: .45em; font-size: .92em; }
.steps span, dt { color: var(--_muted); }
dl { margin-top: .8em; }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1em; padding: .42em 0; border-top: 1px solid var(--_line); }
dl div:first-child { border-top-color: transparent; padding-top: 0; }
dd { font-weight: 500; text-align: right; font-variant-numeric: tabular-nums; margin-left: auto; }
.card > ul { margin-top: .5em; padding: .7em 0 0 1.15em; border-top: 1px solid var(--_line); }
.action { display: flex; align-items: center; justify-content: center; gap: .4em; min-height: 44px; margin-top: .9em; padding: .3em 1em; border-radius: 12px; background: var(--_soft); font-weight: 600; text-align: center; text-decoration: none; }
.action .icon { width: 1.1em; height: 1.1em; }
.choices { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .8em; animation: rise .25s ease; }
.choices button { min-height: 44px; padding: .45em 1.05em; border: 1.5px solid var(--_link); border-radius: 22px; background: var(--_surface); color: var(--_link); font-size: .93em; font-weight: 600; line-height: 1.3; text-align: left; }
.choices button:hover { background: var(--_soft); }
.typing { display: flex; gap: 5px; width: fit-content; margin-top: .9em; padding: .95em 1.05em; border-radius: 16px 16px 16px 5px; background: var(--_surface); box-shadow: 0 1px 2px #10203014; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--_muted); animation: breathe 1.4s ease-in-out infinite; }
.typing i:nth-child(2) { animation-delay: .2s; }
.typing i:nth-child(3) { animation-delay: .4s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .3; } 35% { opacity: 1; } }
.jump { position: relative; z-index: 2; flex: none; display: flex; width: fit-content; margin: -52px auto 8px; align-items: center; gap: .4em; min-height: 44px; padding: 0 1.1em; border: 0; border-radius: 22px; background: var(--_text); color: var(--_surface); font-size: .88em; font-weight: 600; box-shadow: var(--_shadow); }
.composer { flex: none; padding: .3em 1em 0; }
.field { display: flex; align-items: flex-end; gap: .3em; padding: 5px; border: 1px solid var(--_field); border-radius: 26px; background: var(--_surface); }
.field:focus-within { border-color: var(--_link); box-shadow: 0 0 0 2px var(--_link); }
.composer textarea { flex: 1; min-width: 0; min-height: 44px; max-height: calc(5 * 1.4em + 20px); margin: 0; padding: 10px 2px; border: 0; outline: 0; background: none; font-size: max(16px, 1em); line-height: 1.4; resize: none; overflow-y: auto; }
.composer textarea::placeholder { color: var(--_muted); opacity: 1; }
.send { flex: none; display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 50%; background: var(--_accent); color: var(--_on-accent); }
.send:disabled { background: var(--_line); color: var(--_muted); cursor: default; }
.counter:not(:empty) { margin: .35em .6em 0; color: var(--_muted); font-size: .8em; text-align: right; }
.counter.over { color: var(--_danger); font-weight: 600; }
.chips { display: grid; gap: .4em; max-height: min(14.5em, 32dvh); margin-bottom: .5em; overflow-y: auto; list-style: none; }
.chips:empty { display: none; }
.chips li { display: grid; grid-template-columns: auto 1fr auto; align-items: center; gap: .65em; padding: .35em .2em .35em .45em; border: 1px solid var(--_line); border-radius: 14px; background: var(--_surface); font-size: .88em; animation: rise .2s ease; }
.chips .kind, .kind img { width: 40px; height: 40px; border-radius: 10px; }
.kind img { position: absolute; object-fit: cover; }
strong { font-weight: 600; }
.chips strong, .files strong { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chips div, .files div > div { min-width: 0; line-height: 1.35; }
small { color: var(--_muted); font-size: .9em; }
progress { display: block; width: 100%; height: 4px; margin-top: .3em; accent-color: var(--_link); }
li:not([data-state="sending"]) progress, li:not([data-state="failed"]) .retry { display: none; }
:is([data-state="failed"], [data-state="refused"]) small { color: var(--_danger); }
.chips .retry { margin: -.6em 0; color: var(--_link); }
.files { display: flex; flex-wrap: wrap; gap: 4px; }
.bubble + .files { margin-top: 4px; }
[data-author="customer"] .files { justify-content: flex-end; }
.picture { position: relative; width: 8em; aspect-ratio: 1; padding: 0; border: 0; border-radius: 14px; overflow: hidden; background: var(--_line); cursor: zoom-in; }
.picture:only-child { width: 15em; aspect-ratio: 4 / 3; }
.picture img { display: block; width: 100%; height: 100%; object-fit: cover; }
.picture:has(u) img { visibility: hidden; }
.picture span:not(:empty, .hidden) { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: .2em; padding: .5em; background: var(--_surface); color: var(--_muted); font-size: .82em; line-height: 1.3; border: 1px solid var(--_line); border-radius: inherit; }
.files .card { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 0 .75em; width: 17em; margin: 0; padding: .8em .9em .3em; }
.files .more { grid-column: 2; margin: 0 0 0 -.4em; }
[data-delivery="sending"] .files { opacity: .72; }
.view { width: 100%; height: 100%; max-width: none; max-height: none; padding: 0; border: 0; background: #0a0e12f5; color: #fff; cursor: zoom-out; animation: open .2s; }
.view[open] { display: grid; grid-template-rows: 1fr auto; }
.view img { width: 100%; height: 100%; min-height: 0; padding: 60px 16px 8px; object-fit: scale-down; }
.view p { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.5em; padding: .6em 1em max(1em, env(safe-area-inset-bottom)); overflow-wrap: anywhere; }
.view a { color: inherit; font-weight: 600; }
.view .round { position: absolute; top: 8px; right: 8px; background: #000a; }
.view :focus-visible { outline-color: #fff; }
.drop { position: absolute; z-index: 4; inset: 8px; display: grid; place-content: center; justify-items: center; gap: .8em; padding: 1em; border: 2px dashed var(--_link); border-radius: calc(var(--_radius) - 6px); background: color-mix(in srgb, var(--_soft) 94%, transparent); color: var(--_link); font-weight: 600; text-align: center; }
.drop .icon { width: 2.4em; height: 2.4em; pointer-events: none; }
.options form { width: min(19em, 78vw); padding: .5em .6em .6em; }
.options:has(form:not([hidden])) > button { display: none; }
.options label { font-size: .95em; font-weight: 600; }
.options input { width: 100%; min-height: 44px; margin: .4em 0 .6em; padding: 0 .8em; border: 1px solid var(--_field); border-radius: 10px; background: var(--_surface); font-size: max(16px, 1em); }
.options .solid { background: var(--_accent); font-weight: 600; text-align: center; }
.wrong:not(:empty) { margin-bottom: .6em; color: var(--_danger); font-size: .88em; line-height: 1.4; }
.ended { flex: none; padding: .9em 1em .3em; text-align: center; }
.ended p { margin-bottom: .7em; color: var(--_muted); font-size: .92em; }
.solid { width: 100%; min-height: 48px; padding: .5em 1.2em; border: 0; border-radius: 14px; background: var(--_accent); color: var(--_on-accent); font-weight: 600; }
.foot { flex: none; padding: .6em 1.2em max(.8em, env(safe-area-inset-bottom)); color: var(--_muted); font-size: .76em; line-height: 1.4; text-align: center; text-wrap: balance; }
@media (max-width: 480px) {
  .panel, :host([side="left"]) .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; box-shadow: none; transform-origin: 50% 100%; }
  .top { padding-top: calc(.7em + env(safe-area-inset-top)); }
}
@media (max-width: 350px) { .avatar { display: none; } .top { grid-template-columns: 1fr auto auto; } }
/* Low screens, strong zoom: all scrolls but the input. */
@media (max-height: 480px) {
  .panel[open] { display: block; overflow: hidden auto; }
  .log { overflow: visible; min-height: 8em; }
  .composer { position: sticky; bottom: 0; z-index: 1; padding-bottom: .4em; background: var(--_ground); }
  .composer textarea { max-height: calc(2 * 1.4em + 20px); }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after, .panel[open] { animation: none !important; transition: none !important; }
  .typing i { opacity: .6; }
}
@media (forced-colors: active) {
  .panel, .bubble, .card, .picture, .view .round, .options .solid, .badge, .typing, .options, .person, .send, .solid, .action, .jump, .notice:not(:empty), .banner:not(:empty) { border: 1px solid CanvasText; }
  .bar i { border: 1px solid CanvasText; }
  .bar .done { background: Highlight; forced-color-adjust: none; }
  .typing i, .state::before { background: CanvasText; forced-color-adjust: none; }
  .send:disabled { border-color: GrayText; color: GrayText; }
}
`);
