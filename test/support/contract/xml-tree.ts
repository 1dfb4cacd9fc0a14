import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { AnswerDocument } from '../../../src/providers/contract/answer';
import { demand } from './answer-reader';

/** An element as a parser that is not ours reads it. */
export interface XmlTree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlTree[];
  /** Its own, without that of its children. */
  readonly text: string;
}

/** A node in the parser's ordered form: its name with what is inside, and its attributes under `:@`. */
type ParsedNode = Readonly<Record<string, readonly ParsedNode[] | Readonly<Record<string, string>> | string>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';
/** https://www.w3.org/TR/xml/#charsets */
const NO_XML_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const UNKNOWN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  preserveOrder: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

/** The root of an XML document. @throws Error where it is not well-formed */
export function xmlTree({ contentType, body }: AnswerDocument): XmlTree {
  demand(/^(?:application|text)\/xml(?:; charset=utf-8)?$/.test(contentType), `the content type is ${contentType}`);
  demand(XMLValidator.validate(body) === true, `not well-formed: ${body}`);
  // What the validator lets pass.
  demand(xmlHolds(body) === body, 'characters that XML does not have');
  demand(!UNKNOWN_ENTITY.test(body), 'an entity that XML does not have');
  demand(/^(?:<[^<>]*>[^<>]*)+$/.test(body), 'a stray < or >');
  const [root, ...more] = (parser.parse(body) as ParsedNode[]).map(treeOf);
  demand(root !== undefined && more.length === 0, 'not one root');
  return root;
}

/** A text without what no XML document can hold. */
export function xmlHolds(text: string): string {
  return text.replace(NO_XML_CHARACTER, '');
}

/** Every element and attribute, by where they are. */
export function xmlPaths(tree: XmlTree, above = ''): string[] {
  const path = `${above}/${tree.name}`;
  const attributes = Object.keys(tree.attributes).map((name) => `${path}@${name}`);
  return [path, ...attributes, ...tree.children.flatMap((child) => xmlPaths(child, path))];
}

/** The attributes of an element that is to have this name and none but these. */
export function attributesOf(tree: XmlTree, name: string, ...allowed: readonly string[]): Record<string, string> {
  demand(tree.name === name, `<${tree.name}> where <${name}> was expected`);
  const foreign = Object.keys(tree.attributes).find((attribute) => !allowed.includes(attribute));
  demand(foreign === undefined, `<${name}> has the attribute ${foreign}`);
  return { ...tree.attributes };
}

/** The child of an element that is to hold nothing else. */
export function onlyChild(tree: XmlTree): XmlTree {
  const [child] = tree.children;
  demand(child !== undefined && tree.children.length === 1, `<${tree.name}> holds ${tree.children.length} elements`);
  demand(tree.text === '', `<${tree.name}> holds text`);
  return child;
}

/** The text of an element that is to hold nothing else. */
export function onlyText(tree: XmlTree): string {
  demand(tree.children.length === 0, `<${tree.name}> holds elements`);
  return tree.text;
}

export function demandEmpty(tree: XmlTree): void {
  demand(onlyText(tree) === '', `<${tree.name}> holds text`);
}

function treeOf(node: ParsedNode): XmlTree {
  const [name = ''] = Object.keys(node).filter((key) => key !== ATTRIBUTES);
  const inside = (node[name] ?? []) as readonly ParsedNode[];
  return {
    name,
    attributes: (node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>,
    children: inside.filter((child) => !(TEXT in child)).map(treeOf),
    text: inside
      .map((child) => child[TEXT])
      .filter((text) => typeof text === 'string')
      .join(''),
  };
}
