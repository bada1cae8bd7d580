// What is asked over the page: the code when the login is over, the reason of a recusal. Nothing under it is lost.
import { words } from "./words.js";

const login = () => document.getElementById("login"), later = () => document.getElementById("again");

/** Whether a code is asked for, over the page or, put off, at its foot. */
export const asking = () => login().open || !later().hidden;

/** The login is there again, by this page or by another tab. */
export function askNoMore() {
  login().close();
  later().hidden = true;
}

// Who waits for the code goes on scoring: put off, it is asked again when the button at the foot is pressed.
export function askCode(office, entered) {
  const dialog = login(), input = dialog.querySelector("input"), problem = dialog.querySelector(".problem");
  if (asking()) return;
  problem.hidden = true;
  dialog.oncancel = () => { later().hidden = false; };
  dialog.querySelector(".cancel").onclick = () => { dialog.close(); later().hidden = false; };
  later().querySelector("button").onclick = () => { later().hidden = true; dialog.showModal(); };
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const answer = await office.post("/in", { code: input.value }).catch(() => null);
    if (answer?.status === 200 && answer.document?.ok) {
      input.value = "";
      askNoMore();
      entered();
      return;
    }
    problem.textContent = answer?.document?.error ?? words.no_answer;
    problem.hidden = false;
  };
  dialog.showModal();
}

export function askRecusal(office, sheet, name, done) {
  const dialog = document.getElementById("recuse"), problem = dialog.querySelector(".problem");
  dialog.querySelector("h2").textContent = `${words.recuse} · ${name}`;
  problem.hidden = true;
  dialog.querySelector("form").reset();  // what was chosen for the last one is none of this one's
  dialog.querySelector(".cancel").onclick = () => dialog.close();
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const said = new FormData(event.target);
    const answer = await office.post("/recuse", { sheet, reason: said.get("reason"), more: said.get("more") }).catch(() => null);
    if (answer?.status === 200 && answer.document?.ok) {
      dialog.close();
      done();
      return;
    }
    problem.textContent = answer?.document?.error ?? words.no_answer;
    problem.hidden = false;
  };
  dialog.showModal();
}
