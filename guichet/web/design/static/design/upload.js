// Files leave as soon as they are chosen, one by one, with their progress. Without this script a plain form does the same.
// The server has the last word: when all are sent the page is asked again, and shows what was received.

const CHOSEN = "guichet-upload-return";

for (const box of document.querySelectorAll("[data-upload]")) {
  const input = box.querySelector("input[type=file].fr-upload");
  const address = box.dataset.uploadUrl;
  if (!input || !address) continue;
  const form = box.closest("form");
  const progress = box.querySelector("[data-upload-progress]");
  const camera = box.querySelector("[data-upload-camera]");
  box.querySelector("[data-upload-button]").hidden = true;
  const group = input.closest(".fr-upload-group");

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
    if (!files.length) return;
    let refused = 0;
    input.disabled = true;
    for (const file of files) if (!(await send(file))) refused += 1;
    input.disabled = false;
    input.value = "";
    if (refused < files.length) askAgain(refused);
  }

  function askAgain(refused) {
    // What is typed elsewhere in the form is kept: the form itself is sent when it knows how, else the page is only reloaded.
    const keeper = form.querySelector("button[data-keep]");
    if (refused) return;
    sessionStorage.setItem(CHOSEN, input.id);
    if (keeper) form.requestSubmit(keeper);
    else window.location.reload();
  }

  function send(file) {
    const line = document.createElement("div");
    line.className = "guichet-upload__progress";
    const told = document.createElement("p");
    told.className = "fr-mb-1v";
    told.textContent = `${box.dataset.uploadSending} : ${file.name}`;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${box.dataset.uploadSending} : ${file.name}`);
    line.append(told, bar);
    progress.append(line);
    return new Promise((resolve) => {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      body.append(input.name, file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100; });
      request.addEventListener("load", () => {
        const received = request.status < 300;
        bar.remove();
        told.className = received ? "fr-valid-text" : "fr-error-text";
        told.textContent = `${file.name} : ${received ? box.dataset.uploadDone : reason(request)}`;
        resolve(received);
      });
      request.addEventListener("error", () => {
        bar.remove();
        told.className = "fr-error-text";
        told.textContent = `${file.name} : ${box.dataset.uploadFailed}`;
        resolve(false);
      });
      request.send(body);
    });
  }

  function reason(request) {
    try {
      return JSON.parse(request.responseText).error || box.dataset.uploadFailed;
    } catch {
      return box.dataset.uploadFailed;
    }
  }
}

// Back from the server: the place where the person was.
const returned = sessionStorage.getItem(CHOSEN);
if (returned) {
  sessionStorage.removeItem(CHOSEN);
  const place = document.getElementById(returned)?.closest("[data-upload]") ;
  if (place) {
    place.scrollIntoView({ block: "center" });
    (place.querySelector("input[type=file], a[href], button") || place).focus({ preventScroll: true });
  }
}
