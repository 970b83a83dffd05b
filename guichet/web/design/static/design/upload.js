// Files leave as soon as they are chosen, one by one, with their progress. Without this script a plain form does the same.
// The server has the last word: when all are sent the page is asked again, and shows what was received and what was refused.
//
// A box: [data-upload data-upload-url data-upload-sending data-upload-failed data-upload-done] inside a form, with its
// input.fr-upload[type=file], a [data-upload-button] (hidden by this script), a [data-upload-progress role=status] and, if wanted,
// [data-upload-camera hidden] with an input[capture]. The address receives the file under the input's name, and answers 2xx, or
// 4xx with {"error": "a sentence"}. A button[data-keep] of the form, if there is one, keeps what is typed: it is pressed at the end.

const RETURN = "guichet-upload-return";
let sending = 0; // boxes at work: the page is asked again when the last one has finished
let wanted = null; // the button pressed meanwhile: pressed again then, so that no file is cut short

document.addEventListener("submit", (event) => {
  if (!sending) return;
  event.preventDefault();
  wanted = event.submitter || wanted;
});

const wired = new WeakSet();
const wireAll = () => document.querySelectorAll("[data-upload]").forEach(wire);
wireAll();
document.addEventListener("guichet:refreshed", wireAll); // an answer brought documents to the page

function wire(box) {
  const input = box.querySelector("input[type=file].fr-upload");
  const address = box.dataset.uploadUrl;
  if (!input || !address || wired.has(box)) return;
  wired.add(box);
  const form = box.closest("form");
  const progress = box.querySelector("[data-upload-progress]");
  const camera = box.querySelector("[data-upload-camera]");
  const group = input.closest(".fr-upload-group");
  box.querySelector("[data-upload-button]").hidden = true;

  input.addEventListener("change", () => sendAll([...input.files]));
  if (camera && window.matchMedia("(pointer: coarse)").matches) {
    camera.hidden = false;
    camera.querySelector("input").addEventListener("change", (event) => sendAll([...event.target.files]));
  }
  for (const name of ["dragenter", "dragover"]) {
    group.addEventListener(name, (event) => { event.preventDefault(); group.classList.add("guichet-upload--over"); });
  }
  for (const name of ["dragleave", "drop"]) group.addEventListener(name, () => group.classList.remove("guichet-upload--over"));
  group.addEventListener("drop", (event) => { event.preventDefault(); sendAll([...event.dataTransfer.files]); });

  async function sendAll(files) {
    if (!files.length || input.disabled) return;
    const refused = [];
    input.disabled = true;
    sending += 1;
    for (const file of files) {
      const reason = await send(file);
      if (reason) refused.push(named(file, reason));
    }
    input.disabled = false;
    input.value = "";
    sending -= 1;
    if (refused.length < files.length) sessionStorage.setItem(RETURN, JSON.stringify({ id: input.id, refused }));
    if (sending) return;
    const keep = form.querySelector("button[data-keep]");
    if (wanted) wanted.form.requestSubmit(wanted);
    else if (!sessionStorage.getItem(RETURN)) return; // nothing new to show: what was refused is said here
    else if (keep) form.requestSubmit(keep);
    else window.location.reload();
  }

  // Resolves to nothing when the file was received, else to the reason why not.
  function send(file) {
    const told = document.createElement("p");
    told.className = "fr-mb-1v";
    told.textContent = `${box.dataset.uploadSending} : ${file.name}`;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", told.textContent);
    const line = document.createElement("div");
    line.className = "guichet-upload__progress";
    line.append(told, bar);
    progress.append(line);
    return new Promise((resolve) => {
      const finish = (reason) => {
        bar.remove();
        told.className = reason ? "fr-error-text" : "fr-valid-text";
        told.textContent = named(file, reason || box.dataset.uploadDone);
        resolve(reason);
      };
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      body.append(input.name, file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("load", () => finish(request.status < 300 ? "" : reasonIn(request)));
      request.addEventListener("error", () => finish(box.dataset.uploadFailed));
      request.send(body);
    });
  }

  // A reason from the server may name the file already.
  function named(file, sentence) {
    return sentence.includes(file.name) ? sentence : `${file.name} : ${sentence}`;
  }

  function reasonIn(request) {
    try {
      return JSON.parse(request.responseText).error || box.dataset.uploadFailed;
    } catch {
      return box.dataset.uploadFailed;
    }
  }
}

// Back from the server: the place where the person was, and what was refused.
const kept = sessionStorage.getItem(RETURN);
if (kept) {
  sessionStorage.removeItem(RETURN);
  const { id, refused } = JSON.parse(kept);
  const place = document.getElementById(id)?.closest("[data-upload]");
  if (place) {
    for (const sentence of refused) {
      const told = document.createElement("p");
      told.className = "fr-error-text";
      told.textContent = sentence;
      place.querySelector("[data-upload-progress]").append(told);
    }
    place.scrollIntoView({ block: "center" });
    place.querySelector("input[type=file]").focus({ preventScroll: true });
  }
}
