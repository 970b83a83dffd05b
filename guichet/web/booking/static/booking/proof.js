/* Does the proof of work in a worker, so that the page stays alive. Nothing is sent elsewhere. */
const form = document.getElementById("preuve");
if (form) {
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.hidden = false;
  status.textContent = status.dataset.working;
  const challenge = JSON.parse(form.dataset.challenge);
  const failed = () => { status.textContent = status.dataset.failed; };
  try {
    const worker = new Worker(new URL("./proof_worker.js", import.meta.url));
    worker.addEventListener("error", failed);
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      if (data === null) { failed(); return; }
      const { algorithm, challenge: wanted, salt, signature } = challenge;
      form.elements.proof.value = btoa(JSON.stringify({ algorithm, challenge: wanted, number: data, salt, signature }));
      status.textContent = status.dataset.ready;
      button.disabled = false;
    });
    worker.postMessage(challenge);
  } catch { failed(); }
}
