// Asks the server; what has not changed is not sent again (ETag).

export async function get(path, parameters, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const one of [value].flat()) {
      if (one) query.append(name, one);
    }
  }
  const answer = await fetch(`${path}?${query}`, { cache: "no-cache", signal });
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  if (!isJson) throw new Error((await answer.text()).trim() || answer.statusText);
  return answer.json();
}

export const api = (verb, parameters, signal) => get(`/api/v1/${verb}`, parameters, signal);
