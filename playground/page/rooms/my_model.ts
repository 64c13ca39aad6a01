// A model from a folder: one that `damla train` wrote, or GPT-2's. It is read here and goes nowhere.
import { Bars } from "../bars";
import { button, field, h, slider } from "../dom";
import { Far } from "../far";
import { Heads } from "../heads";
import { keep, number, say, type Text } from "../language";
import { Settings } from "../link";
import type { Room } from "../room";

const visible = (text: string): string => text.replaceAll(" ", "␣").replaceAll("\n", "⏎");

export const my_model: Room = {
  id: "model",
  name: { tr: "Modelim", en: "My model" },
  title: { tr: "Kendi modelinizin içi", en: "Inside your own model" },
  lead: {
    tr: "damla train'in yazdığı klasörü buraya bırakın. Model bu sayfada açılır, hiçbir yere gönderilmez.",
    en: "Drop the folder that damla train wrote. The model is opened in this page and is sent nowhere.",
  },
  tries: [
    { tr: "Bir cümle yazın: Tokenizer onu nereden kesiyor?", en: "Type a sentence: where does the tokenizer cut it?" },
    { tr: "Bir kafa seçin. Son token nereye bakıyor?", en: "Choose a head. Where does the last token look?" },
    { tr: "Adaylardan birini çekin, ekleyin ve yeniden bakın.", en: "Draw one of the candidates, append it and look again." },
  ],
  open() {
    const settings = new Settings({ text: "", temperature: 1, k: 0, p: 1 });
    const s = settings.values;
    const far = new Far("MyModel");
    let opened = false;
    let described: Text = { tr: "Henüz model yok.", en: "No model yet." };
    let many = 1;

    const trouble = h("p", { class: "trouble", role: "alert", lang: "en" });
    const state = keep(h("p", { class: "counter", role: "status" }), (e) => (e.textContent = say(described)));
    const text = h("textarea", { id: "model-text", spellcheck: "false", class: "short" });
    text.value = s.text;
    text.addEventListener("input", () => {
      settings.set("text", text.value.length <= 300 ? text.value : "");
      void look();
    });
    const pieces = h("ol", { class: "pieces" });
    const bars = new Bars({ tr: "Sıradaki token", en: "The next token" }, [{ tr: "token", en: "token" }, { tr: "olasılık", en: "probability" }]);
    const heads = new Heads(() => void look(), false);

    let asked = 0;
    async function look(): Promise<void> {
      if (!opened || text.value === "") return;
      const mine = (asked += 1);
      try {
        const tokens = await far.call("tokens", text.value);
        const next = await far.call("next", text.value, s.temperature, s.k, s.p);
        const seen = await far.call("look", text.value);
        if (mine !== asked) return;
        trouble.textContent = "";
        pieces.replaceChildren(...tokens.map((p) => h("li", {}, h("span", {}, visible(p.text)), h("small", {}, String(p.id)))));
        bars.put(next.slice(0, 12).map((c) => ({ name: visible(c.token), value: c.p, out: !c.kept })));
        heads.put({ ...seen, tokens: seen.tokens.map(visible) }, many);
      } catch (error) {
        trouble.textContent = (error as Error).message;
      }
    }

    async function take(files: File[]): Promise<void> {
      trouble.textContent = "";
      state.textContent = say({ tr: "Okunuyor …", en: "Reading …" });
      try {
        // The state of a training run and its pictures are large, and no part of the model.
        const needed = files.filter((f) => /\.(json|safetensors|txt|model)$/.test(f.name) && !f.name.startsWith("checkpoint"));
        const read = await Promise.all(needed.map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) })));
        await far.make(read);
        opened = true;
        candidates.hidden = attention.hidden = false;
        many = await far.call("heads");
        const [layers, context, parameters] = [await far.call("layers"), await far.call("context"), await far.call("parameters")];
        described = {
          tr: `${parameters.toLocaleString("tr")} parametre, ${layers} katman, ${many} kafa; bir seferde en çok ${context} token görür.`,
          en: `${parameters.toLocaleString("en")} parameters, ${layers} layers, ${many} heads; it sees at most ${context} tokens at once.`,
        };
        state.textContent = say(described);
        await look();
      } catch (error) {
        opened = false;
        candidates.hidden = attention.hidden = true;
        described = { tr: "", en: "" };
        state.textContent = "";
        trouble.textContent = (error as Error).message;
      }
    }
    /** The files of what was dropped, folders opened. */
    async function inside(entry: FileSystemEntry): Promise<File[]> {
      if (entry.isFile) return [await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed))];
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      const all: File[] = [];
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
        if (some.length === 0) return all;
        for (const e of some) if (e.isFile) all.push(...(await inside(e)));
      }
    }

    const folder = h("input", { type: "file", id: "folder", multiple: true, webkitdirectory: true, class: "hidden", tabindex: -1, "aria-label": { tr: "Klasör", en: "Folder" } });
    const files = h("input", { type: "file", id: "files", multiple: true, class: "hidden", tabindex: -1, "aria-label": { tr: "Dosyalar", en: "Files" } });
    for (const input of [folder, files]) input.addEventListener("change", () => void take([...(input.files ?? [])]));
    const drop = h("div", { class: "drop" },
      h("p", {}, { tr: "Klasörü buraya bırakın", en: "Drop the folder here" }),
      h("div", { class: "controls" },
        button({ tr: "Klasör seç", en: "Choose a folder" }, () => folder.click(), { class: "main" }),
        button({ tr: "Dosya seç", en: "Choose files" }, () => files.click()),
      ),
      folder,
      files,
      state,
    );
    for (const name of ["dragenter", "dragover"])
      drop.addEventListener(name, (e) => (e.preventDefault(), drop.classList.add("over-it")));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over-it"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((e) => e !== null);
      void Promise.all(entries.map(inside)).then((all) => take(all.flat()));
    });

    async function draw(): Promise<void> {
      try {
        text.value += await far.call("draw", text.value, s.temperature, s.k, s.p);
        await look();
      } catch (error) {
        trouble.textContent = (error as Error).message;
      }
    }
    const changed = () => void look();
    const candidates = h("div", { class: "card" },
      h("div", { class: "controls" }, button({ tr: "Bir tane çek", en: "Draw one" }, () => void draw(), { class: "main" })),
      bars.element,
      slider({ tr: "Sıcaklık", en: "Temperature" }, { min: 0.1, max: 2, step: 0.1, value: s.temperature }, (v) => number(v, 1), (v) => (settings.set("temperature", v), changed())).element,
      slider({ tr: "Top-k", en: "Top-k" }, { min: 0, max: 50, step: 1, value: s.k }, (v) => (v === 0 ? say({ tr: "hepsi", en: "all" }) : String(v)), (v) => (settings.set("k", v), changed())).element,
      slider({ tr: "Top-p", en: "Top-p" }, { min: 0.1, max: 1, step: 0.05, value: s.p }, (v) => number(v, 2), (v) => (settings.set("p", v), changed())).element,
    );
    const attention = h("div", { class: "card" }, h("h2", {}, { tr: "Kafalar nereye bakıyor?", en: "Where do the heads look?" }), heads.element);
    candidates.hidden = attention.hidden = true; // as long as there is no model
    const element = h("div", { class: "stage even" },
      h("div", {},
        h("div", { class: "card" },
          drop,
          trouble,
          field({ tr: "Metin", en: "Text" }, text),
          h("p", {}),
          pieces,
        ),
        candidates,
      ),
      attention,
    );
    return {
      element,
      questions: [
        {
          ask: { tr: "Modelinizin en olası üç tokenı ne olacak? Sınıf söylesin, sonra bakın. Kaç tanesini bildiniz?", en: "Which three tokens will your model find likeliest? Let the class say, then look. How many did you get?" },
          options: [{ tr: "hiçbirini", en: "none" }, { tr: "birini", en: "one" }, { tr: "ikisini", en: "two" }, { tr: "üçünü", en: "three" }],
          because: { tr: "Modelin sizden farklı okuduğu yer, öğrendiği metni gösterir.", en: "Where the model reads differently from you, it shows the text it has learnt." },
        },
      ],
      again: () => void look(),
      end: () => far.end(),
    };
  },
};
