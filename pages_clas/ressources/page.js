// What Streamlit's own page lacks: French, announcements, scrolling, copying.
// Installed once per browser tab; the pages speak to it by data attributes alone.
(() => {
  document.documentElement.lang = "fr";
  if (window.assistantClas) return;
  window.assistantClas = true;

  const FRANCAIS = {
    "Page not found": "Page introuvable",
    "Skip to main content": "Aller au contenu",
    "Send message": "Envoyer la question",
    "Stop script": "Arrêter",
    "Stop response": "Arrêter",
    "Running...": "En cours…",
    "Expand sidebar": "Ouvrir le menu",
    "Collapse sidebar": "Fermer le menu",
    "Choose an option": "Choisir",
    "Logo": "Assistant Clas",
    "Sidebar": "Menu latéral",
    "Main menu": "Menu principal",
    "App pages": "Pages",
    "Notifications": "Notifications",
    "Clear value": "Effacer",
    "Clear": "Effacer",
    "Close": "Fermer",
    "Dismiss": "Fermer",
    "Open": "Ouvrir",
    "No results": "Aucun résultat",
    "No options to select.": "Aucun choix possible.",
    "Navigate to home page": "Aller à l'accueil",
    "Press Enter to apply": "Entrée pour chercher",
    "CONNECTING": "Connexion…",
    "Connecting": "Connexion…",
    "Connection error": "Connexion perdue",
    "Please wait...": "Veuillez patienter…",
    "Stop": "Arrêter",
    "Upload": "Choisir un fichier",
    "file upload": "Choisir un fichier",
    "Browse files": "Choisir un fichier",
    "Drag and drop a file here": "ou déposez-le ici",
    "Drag and drop file here": "ou déposez-le ici",
    "Drag and drop files here": "ou déposez-les ici",
    "Add files": "Ajouter des fichiers",
    "Download Button": "Télécharger",
  };

  // Sentences of which only the beginning is known.
  const PHRASES = [
    ["This app has encountered an error", "Un incident s'est produit. Rechargez la page."],
    ["You have requested page", "Cette page n'existe pas : voici la page d'accueil."],
    [
      "Streamlit server is not responding",
      "Le serveur des pages ne répond plus : relancez « make app », puis rechargez cette page.",
    ],
    ["Is Streamlit still running", "Le serveur des pages ne répond plus : relancez-le."],
    ["10MB per file", "1 Mo au plus : JSON, YAML ou TOML"],
    ["File must be 50MB", "Ce fichier est trop lourd : 50 Mo au plus."],
    ["50MB per file", "50 Mo au plus par fichier"],
    ["Remove ", "Enlever ce fichier"],
    ["The page that you have requested", "La page demandée n'existe pas."],
    ["File must be", "Ce fichier est trop lourd : 1 Mo au plus."],
    ["Connection timed out", "Le serveur des pages ne répond pas."],
    ["Connection failed", "Le serveur des pages ne répond pas."],
  ];

  const enFrancais = (mots) =>
    FRANCAIS[mots] ?? PHRASES.find(([debut]) => mots.startsWith(debut))?.[1];

  const traduireAttributs = (element) => {
    for (const nom of ["aria-label", "title", "placeholder", "alt"]) {
      const valeur = element.getAttribute(nom);
      const traduction = valeur && enFrancais(valeur);
      if (traduction) element.setAttribute(nom, traduction);
    }
  };
  // Streamlit's own words stand in its widgets, never in what the pages write themselves.
  const traduireTexte = (noeud) => {
    const mots = noeud.nodeValue.trim();
    const parent = noeud.parentElement;
    const traduction = mots && enFrancais(mots);
    if (traduction && parent && !parent.closest("[data-testid=stHtml]")) {
      noeud.nodeValue = traduction;
    }
  };

  const parle = document.createElement("div");
  parle.className = "clas-lu";
  parle.id = "clas-annonces";
  parle.setAttribute("role", "status");
  parle.setAttribute("aria-live", "polite");
  document.body.append(parle);

  const annonces = new WeakMap();
  const faits = new Map();
  const nouveau = (genre, jeton) => {
    if (faits.get(genre) === jeton) return false;
    faits.set(genre, jeton);
    return true;
  };

  let gestes = 0;
  for (const geste of ["wheel", "touchstart", "mousedown", "keydown"]) {
    document.addEventListener(geste, () => (gestes += 1), { capture: true, passive: true });
  }

  // A place in the page: an id, or the key of a field, where its answer in force is.
  const REPONSES = "input:checked, input:not([type=radio]):not([type=file]), textarea, button";
  const trouver = (nom) => {
    const champ = document.getElementById(nom) ?? document.querySelector(`.st-key-${CSS.escape(nom)}`);
    return champ?.matches("[class*=st-key-]") ? champ.querySelector(REPONSES) : champ;
  };

  const montrer = (cible, focus) => {
    if (focus) cible.focus({ preventScroll: true });
    const haut = cible.matches("[id^=question-], #debut-de-page, #clas-faits-titre, #etape-en-cours, #verdict-du-projet");
    cible.scrollIntoView({ block: haut ? "start" : "center", behavior: "auto" });
  };

  const vises = new WeakMap();
  const viser = (repere) => {
    const { jeton } = repere.dataset;
    // While an answer is made, what the page aimed at before is still there: it had its turn.
    if (vises.get(repere) === jeton) return;
    const cible = trouver(repere.dataset.viser);
    if (!cible) return;
    vises.set(repere, jeton);
    if (!nouveau("viser", jeton)) return;
    // Again: the page settles (fonts, Streamlit's own scrolling) after the first drawing. But
    // whoever has touched the page since is not taken elsewhere.
    const focus = repere.dataset.focus === "oui";
    montrer(cible, focus);
    const avant = gestes;
    for (const attente of [150, 600, 1200]) {
      setTimeout(() => {
        const encore = trouver(repere.dataset.viser);
        if (!encore || gestes !== avant || faits.get("viser") !== repere.dataset.jeton) return;
        // A screen reader moves the focus without a key: it is not taken back.
        const ici = [document.body, cible, encore].includes(document.activeElement);
        if (ici || !focus) montrer(encore, focus);
      }, attente);
    }
  };

  // What Streamlit's fields cannot be told by it: their help, their error, the group they are in.
  const CHAMPS = "input:not([type=file]), [role=radiogroup]";
  const relier = () => {
    for (const aide of document.querySelectorAll("[data-aide-de], [data-erreur-de]")) {
      const { aideDe, erreurDe } = aide.dataset;
      const cadre = document.querySelector(`.st-key-${CSS.escape(aideDe ?? erreurDe)}`);
      const champ = cadre?.querySelector("[role=radiogroup]") ?? cadre?.querySelector(CHAMPS);
      if (!champ) continue;
      const ids = new Set((champ.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      if (!ids.has(aide.id)) champ.setAttribute("aria-describedby", [...ids.add(aide.id)].join(" "));
      if (erreurDe) champ.setAttribute("aria-invalid", "true");
    }
    for (const champ of document.querySelectorAll('[aria-describedby*="origine-"]')) {
      const ids = champ.getAttribute("aria-describedby").split(" ");
      const restent = ids.filter((id) => !id.startsWith("origine-") || document.getElementById(id));
      if (restent.length < ids.length) champ.setAttribute("aria-describedby", restent.join(" "));
    }
    for (const champ of document.querySelectorAll("[class*=st-key-champ-] [aria-invalid=true]")) {
      const decrit = champ.getAttribute("aria-describedby") ?? "";
      const erreurs = decrit.split(" ").filter((id) => id.startsWith("erreur-"));
      if (erreurs.length && !erreurs.some((id) => document.getElementById(id))) {
        champ.removeAttribute("aria-invalid");
        champ.setAttribute("aria-describedby", decrit.replaceAll(/erreur-\S+/g, "").trim());
      }
    }
    for (const titre of document.querySelectorAll("[data-groupe]")) {
      const groupe = document.querySelector(`.st-key-${CSS.escape(titre.dataset.groupe)}`);
      groupe?.setAttribute("role", "group");
      groupe?.setAttribute("aria-labelledby", titre.id);
    }
    const courant = document.querySelector("[data-courant]")?.dataset.courant;
    for (const bouton of document.querySelectorAll("[class*=st-key-etape-] button")) {
      const ici = courant && bouton.closest(`.st-key-${CSS.escape(courant)}`);
      if (ici) bouton.setAttribute("aria-current", "step");
      else bouton.removeAttribute("aria-current");
    }
  };

  const regarder = (racine) => {
    if (racine.nodeType === Node.TEXT_NODE) return traduireTexte(racine);
    if (racine.nodeType !== Node.ELEMENT_NODE) return;
    traduireAttributs(racine);
    racine.querySelectorAll("[aria-label],[title],[placeholder],[alt]").forEach(traduireAttributs);
    const marcheur = document.createTreeWalker(racine, NodeFilter.SHOW_TEXT);
    while (marcheur.nextNode()) traduireTexte(marcheur.currentNode);
  };

  const passer = () => {
    // Written again as it was, it would be one more change to look at, at each frame for ever.
    if (document.documentElement.lang !== "fr") document.documentElement.lang = "fr";
    document.querySelectorAll("[data-annonce]").forEach((element) => {
      const jeton = element.dataset.annonce;
      if (annonces.get(element) === jeton) return;
      annonces.set(element, jeton);
      // What may be over in a moment is said once it has lasted.
      const dire = () => {
        if (element.isConnected && nouveau("annonce", jeton)) parle.textContent = element.textContent;
      };
      const apres = Number(element.dataset.apres ?? 0);
      if (apres) setTimeout(dire, apres);
      else dire();
    });
    relier();
    document.querySelectorAll("[data-viser]").forEach(viser);
    if (nouveau("titre", document.title) && faits.has("pret")) parle.textContent = document.title;
    faits.set("pret", true);
  };

  let prevu = false;
  new MutationObserver((changements) => {
    for (const changement of changements) {
      if (changement.type === "attributes") traduireAttributs(changement.target);
      else if (changement.type === "characterData") traduireTexte(changement.target);
      else changement.addedNodes.forEach(regarder);
    }
    if (prevu) return;
    prevu = true;
    requestAnimationFrame(() => {
      prevu = false;
      passer();
    });
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-label", "title", "placeholder", "data-jeton", "data-annonce", "lang"],
  });
  regarder(document.body);
  passer();

  const copier = async (texte) => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(texte);
      return true;
    }
    const zone = document.createElement("textarea");
    zone.value = texte;
    zone.className = "clas-lu";
    document.body.append(zone);
    zone.select();
    const fait = document.execCommand("copy");
    zone.remove();
    return fait;
  };

  // On paper, what is folded is shown.
  const deplies = new Set();
  addEventListener("beforeprint", () => {
    for (const plie of document.querySelectorAll("#stMain details:not([open])")) {
      if (!plie.querySelector(".clas-extrait")) continue;
      plie.open = true;
      deplies.add(plie);
    }
  });
  addEventListener("afterprint", () => {
    deplies.forEach((plie) => (plie.open = false));
    deplies.clear();
  });

  // The menu of a phone lies over the page: a link chosen or Escape closes it, and where one was is
  // found again.
  const fermerLeMenu = () => {
    const menu = document.querySelector("[data-testid=stSidebar]:not([data-collapsed=true])");
    const fermer = menu?.querySelector("[data-testid=stSidebarCollapseButton] button");
    if (!fermer || menu.getBoundingClientRect().width < innerWidth * 0.8) return false;
    fermer.click();
    return true;
  };
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Escape" || !fermerLeMenu()) return;
    // The button that opens the menu is only drawn once it has slid away, about 300 ms.
    setTimeout(() => document.querySelector("[data-testid=stExpandSidebarButton]")?.focus(), 300);
  });
  document.addEventListener("click", (evenement) => {
    if (evenement.target.closest("[data-testid=stSidebar] a")) fermerLeMenu();
  });

  document.addEventListener("click", async (evenement) => {
    if (evenement.target.closest("button[data-imprimer]")) return print();
    const bouton = evenement.target.closest("button[data-copier]");
    if (bouton) {
      const boite = bouton.parentElement;
      const fait = await copier(boite.querySelector(".clas-a-copier").textContent).catch(() => false);
      const message = fait ? "✓ Réponse copiée" : "La copie n'a pas pu se faire";
      boite.querySelector(".clas-confirmation").textContent = message;
      parle.textContent = message;
      bouton.focus();
      return;
    }
    const ancre = evenement.target.closest("a[href^='#']");
    if (!ancre) return;
    const cible = document.getElementById(decodeURIComponent(ancre.hash.slice(1)));
    if (!cible) return;
    // Streamlit would take a change of the address for a change of page.
    evenement.preventDefault();
    cible.focus({ preventScroll: true });
    cible.scrollIntoView({ block: "start", behavior: "auto" });
  });
})();
