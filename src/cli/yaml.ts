// Plain data as YAML for people and shells to read: objects, lists, texts, numbers, booleans, null.

/** @param value without cycles */
export function renderYaml(value: unknown): string {
  return `${lines(value).join('\n')}\n`;
}

function lines(value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item) => {
      const [first = '', ...rest] = lines(item);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return ['{}'];
    return entries.flatMap(([key, one]) => {
      const inner = lines(one);
      const nested = typeof one === 'object' && one !== null && Object.keys(one).length > 0;
      return nested ? [`${quote(key)}:`, ...inner.map((line) => `  ${line}`)] : [`${quote(key)}: ${inner[0]}`];
    });
  }
  return [typeof value === 'string' ? quote(value) : String(value)];
}

/** A plain scalar where YAML takes it for nothing but this text; JSON's strings are YAML's too. */
function quote(text: string): string {
  return /^[A-Za-z_][\w./()-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
