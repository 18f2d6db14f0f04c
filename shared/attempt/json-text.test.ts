import fc from 'fast-check';
import { fieldText, itemTexts } from './json-text.ts';

/** JSON whitespace. */
const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

describe('the text of a JSON field', () => {
  it('keeps numbers, names and spaces of a JSON field exactly as they were written', () => {
    const text = '{ "2":1, "1":7615917337495251231,"__proto__" :{"x":1.10}, "a":1,"a":2 }';
    expect(fieldText(`{"url":"}\\",{","payload": ${text} ,"n":1}`, 'payload')).toBe(text);
  });

  it('finds the last JSON field of a name, however the name is written, like JSON.parse', () => {
    expect(fieldText('{"a":1,"\\u0061" : 2 }', 'a')).toBe('2');
    expect(fieldText('{"b":{"a":1}}', 'a')).toBeUndefined();
    expect(fieldText(' {} ', 'a')).toBeUndefined();
  });

  it('finds the text of every field of any JSON object, whatever it contains', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), space, (fields, gap) => {
        const entries = Object.entries(fields);
        const members = entries.map(([name, value]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${value}${gap}`);
        const json = `${gap}{${members.join(',') || gap}}${gap}`;
        for (const [name, value] of entries) expect(fieldText(json, name)).toBe(value);
      }),
    );
  });

  it('finds the text of a JSON field of 1 MiB within a second, however deep it is nested', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const before = process.cpuUsage();
    expect(fieldText(`{"a":${deep},"b":1}`, 'b')).toBe('1');
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(1);
  });
});

describe('the texts of the items of a JSON array', () => {
  it('keeps the items of any JSON array exactly as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), space, (items, gap) => {
        const json = `${gap}[${items.map((item) => `${gap}${item}${gap}`).join(',') || gap}]${gap}`;
        expect(itemTexts(json)).toEqual(items);
      }),
    );
    expect(itemTexts('[1.10, [ ] ,{"]":"["}]')).toEqual(['1.10', '[ ]', '{"]":"["}']);
  });
});
