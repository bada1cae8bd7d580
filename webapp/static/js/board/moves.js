// What a drop means, as moves. No rule is judged here: the server prices every one of them.
export function thing(node) {
  const { applicant, sitting, expert, panel, session, room, name } = node.dataset;
  const cell = node.closest("td");
  if (applicant) return { kind: "applicant", id: applicant, name, panel: cell?.dataset.panel, at: cell?.dataset, node };
  if (sitting) return { kind: "sitting", id: `${sitting}/${session}`, panel: sitting, session, room, name, node };
  return { kind: "expert", id: `${expert}/${panel ?? ""}`, expert, panel, name, node };
}

// The place under a pointer that a thing can be put on, as a node; null where there is none.
export function target(held, node) {
  if (!node) return null;
  if (held.kind === "applicant") return node.closest("td[data-session], [data-tray]");
  if (held.kind === "sitting") return node.closest("[data-column], td[data-session]");
  const chip = node.closest("[data-expert]");
  return chip && chip.dataset.panel && chip !== held.node ? chip : null;
}

export function moves(held, place) {
  if (held.kind === "applicant") return applicantTo(held, place);
  if (held.kind === "sitting") return sittingTo(held, place);
  return expertTo(held, place);
}

function applicantTo(held, place) {
  if ("tray" in place.dataset) return held.panel ? [{ kind: "unschedule", applicant: held.id }] : null;
  const { session, room, start, panel } = place.dataset, other = place.querySelector("[data-applicant]")?.dataset.applicant;
  if (other === held.id) return null;
  if (other) return [{ kind: "swap", one: held.id, other }];
  if (panel) return [{ kind: "move", applicant: held.id, session, room, start }];
  return [{ kind: "open", applicant: held.id, panel: null, session, room, start }];  // which one is the server's choice
}

function sittingTo(held, place) {
  const session = place.dataset.session, room = place.dataset.column ?? place.dataset.room, other = place.dataset.panel;
  if (session === held.session && room === held.room) return null;
  const go = { kind: "sitting", panel: held.panel, session: held.session, to_session: session, to_room: room };
  if (!other) return [go];
  return other === held.panel ? null : [go, { kind: "sitting", panel: other, session, to_session: held.session, to_room: held.room }];
}

function expertTo(held, place) {
  const { expert: other, panel, chair } = place.dataset;
  if (held.panel === panel) return chair !== undefined ? [{ kind: "chair", panel, chair: held.expert }] : null;
  const comes = { kind: "replace", panel, leaves: other, comes: held.expert };
  return held.panel ? [comes, { kind: "replace", panel: held.panel, leaves: held.expert, comes: other }] : [comes];
}
