import { DOMParser, type Element } from '@xmldom/xmldom';

/** An element as a vendor's parser sees it; white space around texts does not count. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What the parser lets through though XML does not: a bare `&`, control characters, and `]]>` outside CDATA. */
const NOT_WELL_FORMED =
  /&(?!(?:[A-Za-z_][\w.-]*|#\d+|#x[\dA-Fa-f]+);)|[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]|\]\]>/u;

/** The root element, or `undefined` where the text is not well-formed XML. */
export function readXml(text: string): XmlElement | undefined {
  if (NOT_WELL_FORMED.test(text.replace(/<!\[CDATA\[.*?\]\]>/gsu, ''))) return undefined;
  const fail = (_level: string, message: string) => {
    throw new Error(message);
  };
  try {
    const root = new DOMParser({ onError: fail }).parseFromString(text, 'text/xml').documentElement;
    return root ? toElement(root) : undefined;
  } catch {
    return undefined;
  }
}

export function childOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((child) => child.name === name);
}

/** `<name>text</name>`; a list as content is elements already written, a missing content an empty element. */
export function writeXml(name: string, content?: string | number | readonly string[]): string {
  if (content === undefined) return `<${name}/>`;
  const inner = typeof content === 'object' ? content.join('') : escaped(String(content));
  return `<${name}>${inner}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function toElement(node: Element): XmlElement {
  const children = Array.from(node.childNodes).filter((child): child is Element => child.nodeType === 1);
  return {
    name: node.nodeName,
    attributes: Object.fromEntries(Array.from(node.attributes).map(({ name, value }) => [name, value])),
    text: (node.textContent ?? '').trim(),
    children: children.map(toElement),
  };
}
