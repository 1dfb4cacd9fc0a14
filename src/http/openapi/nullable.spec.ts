import { withNullTypes } from './nullable';

describe('withNullTypes', () => {
  it.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      { allOf: [{ $ref: '#/x' }], nullable: true, description: 'd' },
      { anyOf: [{ $ref: '#/x' }, { type: 'null' }], description: 'd' },
    ],
    [{ nullable: true, description: 'any' }, { description: 'any' }],
    [
      { type: 'string', nullable: false },
      { type: 'string', nullable: false },
    ],
  ])('turns %j into %j', (given, expected) => {
    expect(withNullTypes(given)).toEqual(expected);
  });

  it('goes down lists and objects, but not into examples', () => {
    const schema = {
      properties: { a: { type: 'integer', nullable: true } },
      oneOf: [{ type: 'string', nullable: true }],
    };
    expect(withNullTypes(schema)).toEqual({
      properties: { a: { type: ['integer', 'null'] } },
      oneOf: [{ type: ['string', 'null'] }],
    });
    expect(withNullTypes({ example: { nullable: true, type: 'x' } })).toEqual({
      example: { nullable: true, type: 'x' },
    });
  });
});
