import Reveal from "reveal.js";
import Notes from "reveal.js/plugin/notes";

const query = new URLSearchParams(location.search);
const language = (query.get("lang") ?? navigator.language).startsWith("tr") ? "tr" : "en";
document.documentElement.lang = language;
document.querySelector(".slides").append(document.getElementById(language).content);
document.title = document.querySelector("h1").textContent;

/** The other language, on the same slide. */
function other() {
  location.href = `?lang=${language === "tr" ? "en" : "tr"}${location.hash}`;
}
const button = document.getElementById("language");
button.textContent = language === "tr" ? "English" : "Türkçe";
button.lang = language === "tr" ? "en" : "tr";
button.addEventListener("click", other);
button.hidden = query.has("receiver"); // the small slides in the speaker's window

const reveal = new Reveal({
  width: 1280,
  height: 720,
  margin: 0.04,
  center: false,
  display: "flex",
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  plugins: [Notes],
});
reveal.initialize();
reveal.addKeyBinding({ keyCode: 76, key: "L", description: button.textContent }, other);
reveal.addKeyBinding({ keyCode: 78, key: "N", description: "notes beside the slide" }, () => {
  reveal.configure({ showNotes: !reveal.getConfig().showNotes });
  reveal.layout();
});
