// The board's questions and changes. Addresses carry codes only; who was quicker answers 409, rules that would break 422.
const home = document.querySelector("script[data-base]").dataset;
const asking = new Map();

function address(number, act, query = {}) {
  const path = home.base.replace("/0/board", `/${number}/${act}`);
  const found = new URLSearchParams({ round: home.round });
  for (const [key, value] of Object.entries(query)) if (value) found.set(key, value);
  return `${path}?${found}`;
}

async function answer(response) {
  const body = await response.json().catch(() => ({ error: response.statusText }));
  return { status: response.status, ok: response.ok, ...body };
}

// A question of one kind replaces the one before it: only the last answer is wanted.
export async function ask(number, act, query) {
  asking.get(act)?.abort();
  const stop = new AbortController();
  asking.set(act, stop);
  try {
    return await answer(await fetch(address(number, act, query), { headers: { Accept: "application/json" }, signal: stop.signal }));
  } catch (error) {
    if (error.name === "AbortError") return null;
    return { status: 0, ok: false, error: null };
  }
}

export async function send(number, act, body) {
  try {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": home.token };
    return await answer(await fetch(address(number, act), { method: "POST", headers, body: JSON.stringify(body) }));
  } catch {
    return { status: 0, ok: false, error: null };
  }
}

export async function page(query) {
  const response = await fetch(address(query.number, "board", { ...query, number: "", part: "1" }), { headers: { Accept: "text/html" } });
  return response.ok ? response.text() : null;
}

export const link = (number, query) => address(number, "board", query);
