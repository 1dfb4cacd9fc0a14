import type { AnswerReader } from './answer-reader';
import { bxmlReader } from './bxml.reader';
import { exotelReader } from './exotel.reader';
import { kookooXmlReader } from './kookoo-xml.reader';
import { nccoReader } from './ncco.reader';
import { plivoXmlReader } from './plivo-xml.reader';
import { texmlReader } from './texml.reader';
import { twimlReader } from './twiml.reader';

/** By provider. The documents of one that has no reader are still compared in their form with those of harmless answers. */
export const ANSWER_READERS: Readonly<Record<string, AnswerReader | undefined>> = {
  twilio: twimlReader,
  telnyx: texmlReader,
  vonage: nccoReader,
  plivo: plivoXmlReader,
  bandwidth: bxmlReader,
  exotel: exotelReader,
  ozonetell: kookooXmlReader,
};
