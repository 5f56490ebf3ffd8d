// Leads to the language of the browser.
const languages = document.currentScript.dataset.languages.split(' ');
const wanted = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
location.replace(`${wanted.find((tag) => languages.includes(tag)) ?? languages[0]}/index.html`);
