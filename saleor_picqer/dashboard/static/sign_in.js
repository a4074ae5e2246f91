// Signing in with a staff account, where no dashboard gives a token (Saleor 2.10).

import { ask } from "./api.js";
import { announce, el, show } from "./elements.js";
import { whileBusy } from "./press.js";

const TOKEN = `mutation ($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) { token }
}`;

export function askForPassword(open) {
  const email = field("email", "E-mail address", { type: "email", autocomplete: "username" });
  const password = field("password", "Password", { type: "password", autocomplete: "current-password" });
  const submit = (event) => {
    event.preventDefault();
    whileBusy(event.submitter, signIn);
  };
  const signIn = async () => {
    announce("");
    try {
      const variables = { email: email.input.value, password: password.input.value };
      const { token } = (await ask(TOKEN, variables)).tokenCreate;
      password.input.value = "";
      if (token) open(token);
      else announce("There is no account with this e-mail address and password.");
    } catch (error) {
      announce(error.message);
    }
  };
  const form = el("form", { submit }, email.row, password.row, el("button", {}, "Sign in"));
  show(el("h1", {}, "Picqer"), el("p", {}, "Sign in with your staff account."), form);
}

function field(id, label, attributes) {
  const input = el("input", { id, required: true, ...attributes });
  return { input, row: el("p", { class: "field" }, el("label", { for: id }, label), input) };
}
