import { BSONRegExp } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { date, double, long } from './typed-value.ts'

/** Expressions on strings: bytes and code points, patterns, trimming. */
export const stringExpressions: readonly ConformanceCase[] = [
  ...expressionCases('concat', [
    {
      name: '$concat with a missing field is null',
      says: 'null or a missing field makes the result null',
      expression: { $concat: ['a', '$missing'] },
      gives: null,
    },
    {
      name: '$concat of a number fails',
      says: 'only strings can be joined',
      expression: { $concat: ['a', 1] },
      fails: { error: 16702 },
    },
  ]),
  ...expressionCases('substrBytes', [
    {
      name: '$substrBytes counts bytes',
      says: 'a character outside of ASCII takes several bytes',
      expression: { $substrBytes: ['cafétéria', 0, 5] },
      gives: 'café',
    },
    {
      name: '$substrBytes with a negative length takes the rest',
      says: 'a negative count means up to the end',
      expression: { $substrBytes: ['cafeteria', 4, -1] },
      gives: 'teria',
    },
    {
      name: '$substrBytes past the end is empty',
      says: 'a start past the end gives the empty string',
      expression: { $substrBytes: ['abc', 5, 1] },
      gives: '',
    },
    {
      name: '$substrBytes that starts inside a character fails',
      says: 'the start must not lie inside of a character',
      expression: { $substrBytes: ['cafétéria', 7, 3] },
      fails: { error: 28656 },
    },
    {
      name: '$substrBytes that ends inside a character fails',
      says: 'the end must not lie inside of a character',
      expression: { $substrBytes: ['cafétéria', 0, 4] },
      fails: { error: 28657 },
    },
    {
      name: '$substrBytes of a number takes its text',
      says: 'numbers are converted to strings',
      expression: { $substrBytes: [12345, 1, 2] },
      gives: '23',
    },
    {
      name: '$substrBytes of null is empty',
      says: 'null gives the empty string',
      expression: { $substrBytes: [null, 0, 2] },
      gives: '',
    },
  ]),
  ...expressionCases('substrCP', [
    {
      name: '$substrCP counts code points',
      says: 'each character counts as one',
      expression: { $substrCP: ['cafétéria', 5, 4] },
      gives: 'éria',
    },
    {
      name: '$substrCP of characters beyond 16 bits',
      says: 'a character outside of the basic plane is one code point',
      expression: { $substrCP: ['a😀b', 1, 1] },
      gives: '😀',
    },
    {
      name: '$substrCP with a negative length fails',
      says: 'the count is not negative',
      expression: { $substrCP: ['abc', 0, -1] },
      fails: { error: 34454 },
    },
  ]),
  ...expressionCases('strLenBytes', [
    {
      name: '$strLenBytes counts bytes',
      says: 'the number of bytes in UTF-8',
      expression: { $strLenBytes: 'café😀' },
      gives: 9,
    },
    {
      name: '$strLenBytes of null fails',
      says: 'the argument must be a string',
      expression: { $strLenBytes: null },
      fails: { error: 34473 },
    },
  ]),
  ...expressionCases('strLenCP', [
    {
      name: '$strLenCP counts code points',
      says: 'the number of characters',
      expression: { $strLenCP: 'café😀' },
      gives: 5,
    },
    {
      name: '$strLenCP of a missing field fails',
      says: 'the argument must be a string',
      expression: { $strLenCP: '$missing' },
      fails: { error: 34471 },
    },
  ]),
  ...expressionCases('toUpper', [
    {
      name: '$toUpper changes ASCII alone',
      says: 'it is defined for ASCII characters only',
      expression: { $toUpper: 'café' },
      gives: 'CAFé',
    },
    {
      name: '$toUpper of null is empty',
      says: 'null gives the empty string',
      expression: { $toUpper: null },
      gives: '',
    },
    {
      name: '$toUpper of a date is its ISO text',
      says: 'the argument is converted to a string',
      expression: { $toUpper: date('2014-01-01T08:15:39.736Z') },
      gives: '2014-01-01T08:15:39.736Z',
    },
  ]),
  ...expressionCases('toLower', [
    {
      name: '$toLower changes ASCII alone',
      says: 'it is defined for ASCII characters only',
      expression: { $toLower: 'CAFÉ' },
      gives: 'cafÉ',
    },
  ]),
  ...expressionCases('strcasecmp', [
    {
      name: '$strcasecmp ignores case',
      says: '0 when both are equal but for case',
      expression: { $strcasecmp: ['abC', 'ABc'] },
      gives: 0,
    },
    {
      name: '$strcasecmp of a greater text is 1',
      says: '1 when the first is greater',
      expression: { $strcasecmp: ['13Q4', '13q1'] },
      gives: 1,
    },
    {
      name: '$strcasecmp of null and a text',
      says: 'null counts as the empty string',
      expression: { $strcasecmp: ['$missing', 'a'] },
      gives: -1,
    },
  ]),
  ...expressionCases('split', [
    {
      name: '$split with a delimiter at both ends',
      says: 'empty parts stay',
      expression: { $split: ['-a-b-', '-'] },
      gives: ['', 'a', 'b', ''],
    },
    {
      name: '$split without the delimiter inside',
      says: 'a delimiter that does not occur gives the whole string',
      expression: { $split: ['a b', ','] },
      gives: ['a b'],
    },
    {
      name: '$split takes the delimiter as it is',
      says: 'the delimiter is a string and no pattern',
      expression: { $split: ['a.b', '.'] },
      gives: ['a', 'b'],
    },
    {
      name: '$split by the empty string fails',
      says: 'the delimiter is not empty',
      expression: { $split: ['abc', ''] },
      fails: { error: 40087 },
    },
    {
      name: '$split of null is null',
      says: 'null or a missing field gives null',
      expression: { $split: ['$missing', '-'] },
      gives: null,
    },
    {
      name: '$split of a number fails',
      says: 'the first argument is a string',
      expression: { $split: [1, '-'] },
      fails: { error: 40085 },
    },
  ]),
  ...expressionCases('trim', [
    {
      name: '$trim takes white space of Unicode',
      says: 'white space is trimmed, also wide spaces and line ends',
      expression: { $trim: { input: ' \t\n\u2001 a b\nc \u200a' } },
      gives: 'a b\nc',
    },
    {
      name: '$trim with chars takes each of them',
      says: 'the characters are a set, not a string, and white space stays',
      expression: { $trim: { input: 'ggggoodbyeeeee ', chars: 'ge ' } },
      gives: 'oodby',
    },
    {
      name: '$trim with chars does not look at the collation',
      says: 'characters are compared as they are',
      expression: { $trim: { input: 'xXx', chars: 'x' } },
      collation: { locale: 'en', strength: 2 },
      gives: 'X',
    },
    {
      name: '$trim of a number fails',
      says: 'the input is a string',
      expression: { $trim: { input: 4 } },
      fails: { error: 50699 },
    },
    {
      name: '$trim with a number as chars fails',
      says: 'chars is a string',
      expression: { $trim: { input: 'x', chars: 1 } },
      fails: { error: 50700 },
    },
    {
      name: '$trim with null as chars is null',
      says: 'null in any argument gives null',
      expression: { $trim: { input: 'x', chars: null } },
      gives: null,
    },
  ]),
  ...expressionCases('ltrim', [
    {
      name: '$ltrim leaves the end',
      says: 'only the beginning is trimmed',
      expression: { $ltrim: { input: '\t abc ' } },
      gives: 'abc ',
    },
  ]),
  ...expressionCases('rtrim', [
    {
      name: '$rtrim leaves the beginning',
      says: 'only the end is trimmed',
      expression: { $rtrim: { input: '∎∃ proof∎', chars: '∎' } },
      gives: '∎∃ proof',
    },
  ]),
  ...expressionCases('indexOfBytes', [
    {
      name: '$indexOfBytes counts bytes',
      says: 'the index is that of a byte',
      expression: { $indexOfBytes: ['cafétéria', 't'] },
      gives: 5,
    },
    {
      name: '$indexOfBytes within a range',
      says: 'the end is excluded',
      expression: { $indexOfBytes: ['foo.bar.fi', '.', 5, 7] },
      gives: -1,
    },
    {
      name: '$indexOfBytes from a negative start fails',
      says: 'the start is not negative',
      expression: { $indexOfBytes: ['vanilla', 'll', -1] },
      fails: { error: 40097 },
    },
    {
      name: '$indexOfBytes from past the end',
      says: 'a start past the end finds nothing',
      expression: { $indexOfBytes: ['vanilla', 'll', 12] },
      gives: -1,
    },
    {
      name: '$indexOfBytes of null is null',
      says: 'a null or missing string gives null',
      expression: { $indexOfBytes: ['$missing', 'a'] },
      gives: null,
    },
    {
      name: '$indexOfBytes of null inside fails',
      says: 'what is searched for is a string',
      expression: { $indexOfBytes: ['abc', null] },
      fails: { error: 40092 },
    },
  ]),
  ...expressionCases('indexOfCP', [
    {
      name: '$indexOfCP counts code points',
      says: 'the index is that of a character',
      expression: { $indexOfCP: ['cafétéria', 't'] },
      gives: 4,
    },
    {
      name: '$indexOfCP of the empty string',
      says: 'the empty string is found at the start',
      expression: { $indexOfCP: ['abc', '', 1] },
      gives: 1,
    },
  ]),
  ...expressionCases('regexFind', [
    {
      name: '$regexFind gives match, index and captures',
      says: 'the first match with its index in code points and what the groups caught',
      expression: { $regexFind: { input: 'é Jane Doe', regex: '(J\\w+) (\\w+)' } },
      gives: { match: 'Jane Doe', idx: 2, captures: ['Jane', 'Doe'] },
    },
    {
      name: '$regexFind has null for a group without part',
      says: 'a group that takes no part is null',
      expression: { $regexFind: { input: 'ab', regex: '(a)(x)?' } },
      gives: { match: 'a', idx: 0, captures: ['a', null] },
    },
    {
      name: '$regexFind without match is null',
      says: 'no match gives null',
      expression: { $regexFind: { input: 'ab', regex: 'x' } },
      gives: null,
    },
    {
      name: '$regexFind of null is null',
      says: 'a null input gives null',
      expression: { $regexFind: { input: '$missing', regex: 'x' } },
      gives: null,
    },
    {
      name: '$regexFind with options of a pattern value',
      says: 'the pattern may bring its options',
      expression: { $regexFind: { input: 'xAB', regex: new BSONRegExp('ab', 'i') } },
      gives: { match: 'AB', idx: 1, captures: [] },
    },
    {
      name: '$regexFind of a number fails',
      says: 'the input is a string',
      expression: { $regexFind: { input: 1, regex: 'x' } },
      fails: { error: 51104 },
    },
  ]),
  ...expressionCases('regexFindAll', [
    {
      name: '$regexFindAll gives every match',
      says: 'all matches that do not overlap',
      expression: { $regexFindAll: { input: 'a1b22', regex: '[0-9]+' } },
      gives: [
        { match: '1', idx: 1, captures: [] },
        { match: '22', idx: 3, captures: [] },
      ],
    },
    {
      name: '$regexFindAll of null is empty',
      says: 'a null input gives an empty array',
      expression: { $regexFindAll: { input: null, regex: 'x' } },
      gives: [],
    },
  ]),
  ...expressionCases('regexMatch', [
    {
      name: '$regexMatch does not look at the collation',
      says: 'the collation is ignored by patterns',
      expression: { $regexMatch: { input: 'ABC', regex: 'abc' } },
      collation: { locale: 'en', strength: 1 },
      gives: false,
    },
    {
      name: '$regexMatch with options',
      says: 'the option i ignores case',
      expression: { $regexMatch: { input: 'ABC', regex: 'abc', options: 'i' } },
      gives: true,
    },
    {
      name: '$regexMatch of null is false',
      says: 'a null input does not match',
      expression: { $regexMatch: { input: '$missing', regex: 'x' } },
      gives: false,
    },
  ]),
  ...expressionCases('replaceOne', [
    {
      name: '$replaceOne replaces the first place',
      says: 'the first occurrence alone, taken as it is',
      expression: { $replaceOne: { input: 'a.b.c', find: '.', replacement: { $literal: '$&' } } },
      gives: 'a$&b.c',
    },
    {
      name: '$replaceOne with null is null',
      says: 'any null makes the result null',
      expression: { $replaceOne: { input: 'abc', find: null, replacement: 'x' } },
      gives: null,
    },
    {
      name: '$replaceOne of a number fails',
      says: 'the input is a string',
      expression: { $replaceOne: { input: 1, find: 'a', replacement: 'x' } },
      fails: { error: 51746 },
    },
    {
      name: '$replaceOne that finds a number fails',
      says: 'what is sought is a string',
      expression: { $replaceOne: { input: 'a', find: 1, replacement: 'x' } },
      fails: { error: 51745 },
    },
    {
      name: '$replaceOne by a number fails',
      says: 'the replacement is a string',
      expression: { $replaceOne: { input: 'a', find: 'a', replacement: 1 } },
      fails: { error: 51744 },
    },
  ]),
  ...expressionCases('replaceAll', [
    {
      name: '$replaceAll replaces every place',
      says: 'all occurrences, from the left, without overlap',
      expression: { $replaceAll: { input: 'aaa.a', find: 'aa', replacement: 'b' } },
      gives: 'ba.a',
    },
  ]),
  ...expressionCases('toString', [
    {
      name: '$toString of numbers',
      says: 'numbers become their digits',
      expression: [{ $toString: 2.5 }, { $toString: double(3) }, { $toString: long('9007199254740993') }],
      gives: ['2.5', '3', '9007199254740993'],
    },
    {
      name: '$toString of a date',
      says: 'a date becomes ISO 8601 in UTC',
      expression: { $toString: date('2018-03-27T16:58:51.538Z') },
      gives: '2018-03-27T16:58:51.538Z',
    },
  ]),
]
