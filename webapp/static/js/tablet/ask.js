// What is asked over the page: the code when the login is over, the reason of a recusal. Nothing under it is lost.
import { words } from "./words.js";

export function askCode(office, entered) {
  const dialog = document.getElementById("login"), input = dialog.querySelector("input"), problem = dialog.querySelector(".problem");
  if (dialog.open) return;
  problem.hidden = true;
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const answer = await office.post("/in", { code: input.value }).catch(() => null);
    if (answer?.status === 200 && answer.document?.ok) {
      input.value = "";
      dialog.close();
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
