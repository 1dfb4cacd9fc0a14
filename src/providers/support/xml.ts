import { DOMImplementation, DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';

/** An element to write. `undefined` attributes and children are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly children?: readonly (XmlElement | string | undefined)[];
}

/** What XML 1.0 cannot hold in any form, lone surrogates included: https://www.w3.org/TR/xml/#charsets */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (XmlElement | string | undefined)[]
): XmlElement {
  return { name, attributes, children };
}

/** A text without the characters that XML cannot hold. */
export function xmlText(text: string): string {
  return text.replace(NOT_XML, '');
}

/** The document with its declaration. Names are ours; in values and texts, characters that XML cannot hold are dropped. */
export function xmlDocument(root: XmlElement): string {
  const document = new DOMImplementation().createDocument(null, '');
  document.appendChild(build(document, root));
  return DECLARATION + new XMLSerializer().serializeToString(document);
}

function build(document: Document, { name, attributes = {}, children = [] }: XmlElement): Element {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(attribute, xmlText(value));
  }
  for (const child of children) {
    if (typeof child === 'string') node.appendChild(document.createTextNode(xmlText(child)));
    else if (child) node.appendChild(build(document, child));
  }
  return node;
}

/** An element that was read. Names are without their prefix. */
export class XmlNode {
  constructor(private readonly node: Element) {}

  get name(): string {
    return this.node.localName ?? this.node.nodeName;
  }

  /** All text inside, trimmed. */
  get text(): string {
    return (this.node.textContent ?? '').trim();
  }

  attribute(name: string): string | null {
    return this.node.getAttribute(name);
  }

  /** The children of that name, or all of them. */
  children(name?: string): XmlNode[] {
    const elements = Array.from(this.node.childNodes).filter((child): child is Element => child.nodeType === 1);
    return elements.map((child) => new XmlNode(child)).filter((child) => name === undefined || child.name === name);
  }

  /** The first element along a path of names, such as `at('Site', 'Id')`. */
  at(...path: readonly string[]): XmlNode | null {
    const [name, ...rest] = path;
    if (name === undefined) return this;
    return this.children(name)[0]?.at(...rest) ?? null;
  }

  /** The text of an element along a path of names; `null` where there is none or it is empty. */
  textAt(...path: readonly string[]): string | null {
    return this.at(...path)?.text || null;
  }
}

/** The root of a document, or `null` where the text is not well-formed XML. Document types are refused: no vendor has one. */
export function parseXml(text: string): XmlNode | null {
  if (/<!DOCTYPE/i.test(text)) return null;
  try {
    const onError = (level: string, message: string) => {
      if (level !== 'warning') throw new Error(message);
    };
    const root = new DOMParser({ onError }).parseFromString(text, 'application/xml').documentElement;
    return root && new XmlNode(root);
  } catch {
    return null;
  }
}
