// Saleor's GraphQL API at the origin of this page; the token goes nowhere else.

const ENDED = [
  "ExpiredSignatureError",
  "InvalidTokenError",
  "InvalidSignatureError",
  "DecodeError",
  "JSONWebTokenError",
  "JSONWebTokenExpired",
];
const session = { scheme: "Bearer", token: "" };

export class ApiError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

export function useToken(token, scheme = "Bearer") {
  Object.assign(session, { token, scheme });
}

export function hasToken() {
  return session.token !== "";
}

// Returns the data; fields that the person may not read are null. Raises ApiError.
export async function ask(query, variables = {}) {
  const answer = await post({ query, variables });
  const errors = answer.errors ?? [];
  const codes = errors.map((error) => error.extensions?.exception?.code);
  if (codes.some((code) => ENDED.includes(code))) throw new ApiError("ended", "Your access has ended.");
  const isEmpty = Object.values(answer.data ?? {}).every((value) => value === null);
  if (isEmpty && codes.includes("PermissionDenied")) {
    throw new ApiError("denied", "You lack the permission for this.");
  }
  if (isEmpty && errors.length) throw new ApiError("failed", String(errors[0].message));
  return answer.data;
}

async function post(body) {
  // The address comes with the page. What the dashboard's query string names may be forged.
  const address = document.documentElement.dataset.api;
  const headers = { "Content-Type": "application/json" };
  if (session.token) headers.Authorization = `${session.scheme} ${session.token}`;
  try {
    const response = await fetch(address, {
      method: "POST",
      mode: "same-origin",
      credentials: "omit",
      headers,
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    throw new ApiError("unreachable", "Saleor did not answer. Try again in a moment.");
  }
}
