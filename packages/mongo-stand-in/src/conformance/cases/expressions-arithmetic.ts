import { Int32 } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { date, decimal, double, long } from './typed-value.ts'

const typeMismatch = { error: 14 }
const notNumeric = { error: 28765 }

/** Arithmetic: which type a result has, what overflows, how numbers are rounded. */
export const arithmeticExpressions: readonly ConformanceCase[] = [
  ...expressionCases('add', [
    {
      name: '$add of two ints is an int',
      says: 'numbers are added; the result keeps the narrowest type that both have',
      expression: { $add: [1, 2] },
      gives: 3,
    },
    {
      name: '$add of an int and a long is a long',
      says: 'mixed input types give the larger type',
      expression: { $add: [1, long(2)] },
      gives: long(3),
    },
    {
      name: '$add of an int and a whole double is a double',
      says: 'mixed input types give the larger type, whatever the value',
      expression: { $add: [1, double(2)] },
      gives: double(3),
    },
    {
      name: '$add with a decimal is an exact decimal',
      says: 'one decimal makes the result a decimal',
      expression: { $add: [decimal('0.1'), decimal('0.2'), 1] },
      gives: decimal('1.3'),
    },
    {
      name: '$add of ints past 32 bits is a long',
      says: 'a sum that an int cannot hold is a long',
      expression: { $add: [2147483647, 1] },
      gives: long('2147483648'),
    },
    {
      name: '$add of longs past 64 bits is a double',
      says: 'a sum that a long cannot hold is a double',
      expression: { $add: [long('9223372036854775807'), long(1)] },
      gives: double(2 ** 63),
    },
    {
      name: '$add of a date and a number counts milliseconds',
      says: 'when one argument is a date, the others are milliseconds that are added to it',
      expression: { $add: [date('2014-03-01T08:00:00Z'), 3 * 60 * 60000] },
      gives: date('2014-03-01T11:00:00Z'),
    },
    {
      name: '$add of two dates fails',
      says: 'at most one argument may be a date',
      expression: { $add: [date('2014-03-01'), date('2014-03-02')] },
      fails: { error: 16612 },
    },
    {
      name: '$add of null is null',
      says: 'null or a missing field makes the sum null',
      expression: { $add: [1, '$missing'] },
      gives: null,
    },
    {
      name: '$add of a string fails',
      says: 'only numbers and dates can be added',
      expression: { $add: [1, 'x'] },
      fails: typeMismatch,
    },
    {
      name: '$add of nothing is zero',
      says: 'it accepts any number of arguments, none too',
      expression: { $add: [] },
      gives: 0,
    },
  ]),

  ...expressionCases('subtract', [
    {
      name: '$subtract of two dates gives milliseconds as a long',
      says: 'the difference of two dates is in milliseconds',
      expression: { $subtract: [date('2014-03-01T09:00:00Z'), date('2014-03-01T08:00:00Z')] },
      gives: long(3600000),
    },
    {
      name: '$subtract of milliseconds from a date gives a date',
      says: 'a date minus a number is a date',
      expression: { $subtract: [date('2014-03-01T09:00:00Z'), 5 * 60 * 1000] },
      gives: date('2014-03-01T08:55:00Z'),
    },
    {
      name: '$subtract of a date from a number fails',
      says: 'to subtract from a date the date comes first',
      expression: { $subtract: [5, date('2014-03-01')] },
      fails: typeMismatch,
    },
    {
      name: '$subtract past 32 bits is a long',
      says: 'a difference that an int cannot hold is a long',
      expression: { $subtract: [-2147483648, 1] },
      gives: long('-2147483649'),
    },
    {
      name: '$subtract past 64 bits is a double',
      says: 'a difference that a long cannot hold is a double',
      expression: { $subtract: [long('9000000000000000000'), long('-9000000000000000000')] },
      gives: double(1.8e19),
    },
  ]),

  ...expressionCases('multiply', [
    {
      name: '$multiply of ints past 32 bits is a long',
      says: 'a product that an int cannot hold is a long',
      expression: { $multiply: [2000000000, 2] },
      gives: long('4000000000'),
    },
    {
      name: '$multiply of longs past 64 bits is a double',
      says: 'a product that a long cannot hold is a double',
      expression: { $multiply: [long('9000000000000000000'), long('-9000000000000000000')] },
      gives: double(-8.1e37),
    },
    {
      name: '$multiply keeps the digits of decimals',
      says: 'decimals are multiplied exactly',
      expression: { $multiply: [decimal('1.10'), decimal('3')] },
      gives: decimal('3.30'),
    },
    {
      name: '$multiply with null is null',
      says: 'null or a missing field makes the product null',
      expression: { $multiply: [2, null] },
      gives: null,
    },
  ]),

  ...expressionCases('divide', [
    {
      name: '$divide of ints is a double',
      says: 'the quotient is a double even when it is whole',
      expression: { $divide: [10, 2] },
      gives: double(5),
    },
    {
      name: '$divide of longs is a double',
      says: 'the arguments are taken as doubles',
      expression: { $divide: [long('9223372036854775807'), 1] },
      gives: double(2 ** 63),
    },
    {
      name: '$divide by a decimal is a decimal',
      says: 'one decimal makes the quotient a decimal',
      expression: { $divide: [10, decimal('2.5')] },
      gives: decimal('4'),
    },
    {
      name: '$divide by zero fails',
      says: 'division by zero is an error',
      expression: { $divide: [1, 0] },
      fails: { error: 2, message: 'zero' },
    },
    {
      name: '$divide of null by zero is null',
      says: 'null is looked at before the divisor',
      expression: { $divide: [null, 0] },
      gives: null,
    },
    {
      name: '$divide of a string fails',
      says: 'only numbers can be divided',
      expression: { $divide: ['10', 2] },
      fails: typeMismatch,
    },
  ]),

  ...expressionCases('mod', [
    {
      name: '$mod keeps the sign of the dividend',
      says: 'a negative dividend gives a negative remainder',
      expression: { $mod: [-13, 4] },
      gives: -1,
    },
    {
      name: '$mod by a negative divisor',
      says: 'the sign of the divisor does not count',
      expression: { $mod: [13, -4] },
      gives: 1,
    },
    {
      name: '$mod of a double is a double',
      says: 'the result has the larger of the types',
      expression: { $mod: [138.5, long(3)] },
      gives: 0.5,
    },
    {
      name: '$mod of longs is a long',
      says: 'the result has the larger of the types',
      expression: { $mod: [8, long(3)] },
      gives: long(2),
    },
    {
      name: '$mod by zero fails',
      says: 'the divisor must not be zero',
      expression: { $mod: [10, 0] },
      fails: { error: 16610 },
    },
    {
      name: '$mod by infinity is the dividend',
      says: 'a finite number modulo infinity stays',
      expression: { $mod: [double(10), Number.POSITIVE_INFINITY] },
      gives: double(10),
    },
  ]),

  ...expressionCases('abs', [
    {
      name: '$abs keeps the type',
      says: 'the absolute value of a long is a long',
      expression: { $abs: long(-5) },
      gives: long(5),
    },
    {
      name: '$abs of the smallest int is a long',
      says: 'an absolute value that an int cannot hold is a long',
      expression: { $abs: new Int32(-2147483648) },
      gives: long('2147483648'),
    },
    {
      name: '$abs of the smallest long fails',
      says: 'there is no such long',
      expression: { $abs: long('-9223372036854775808') },
      fails: { error: 28680 },
    },
    {
      name: '$abs of null is null',
      says: 'null or a missing field gives null',
      expression: { $abs: '$missing' },
      gives: null,
    },
    {
      name: '$abs of NaN is NaN',
      says: 'the absolute value of NaN is NaN',
      expression: { $abs: Number.NaN },
      gives: Number.NaN,
    },
    {
      name: '$abs of a string fails',
      says: 'only numbers have an absolute value',
      expression: { $abs: 'x' },
      fails: notNumeric,
    },
  ]),

  ...expressionCases('ceil', [
    {
      name: '$ceil of a double is a double',
      says: 'the smallest whole number that is not below, of the same type',
      expression: { $ceil: -2.8 },
      gives: double(-2),
    },
    {
      name: '$ceil of a decimal is a decimal',
      says: 'the type of the number stays',
      expression: { $ceil: decimal('2.1') },
      gives: decimal('3'),
    },
    {
      name: '$ceil of an int is the int',
      says: 'whole numbers stay',
      expression: { $ceil: 1 },
      gives: 1,
    },
  ]),

  ...expressionCases('floor', [
    {
      name: '$floor of a negative double goes down',
      says: 'the largest whole number that is not above',
      expression: { $floor: -2.8 },
      gives: double(-3),
    },
    {
      name: '$floor of a string fails',
      says: 'only numbers have a floor',
      expression: { $floor: 'x' },
      fails: notNumeric,
    },
  ]),

  ...expressionCases('round', [
    {
      name: '$round of a half goes to the even neighbour below',
      says: 'numbers that end in 5 are rounded to the nearest even value',
      expression: { $round: 10.5 },
      gives: double(10),
    },
    {
      name: '$round of a half goes to the even neighbour above',
      says: 'numbers that end in 5 are rounded to the nearest even value',
      expression: { $round: [125.5, 0] },
      gives: double(126),
    },
    {
      name: '$round to one place, exactly half',
      says: '2.25 becomes 2.2',
      expression: { $round: [2.25, 1] },
      gives: 2.2,
    },
    {
      name: '$round to one place, just above half',
      says: '2.45 becomes 2.5: more than one digit decides',
      expression: { $round: [2.45, 1] },
      gives: 2.5,
    },
    {
      name: '$round of an int left of the point',
      says: '25 rounded at the last digit is 20, an int as before',
      expression: { $round: [25, -1] },
      gives: 20,
    },
    {
      name: '$round past 32 bits is a long',
      says: 'a rounded int that no int can hold is a long',
      expression: { $round: [2147483647, -1] },
      gives: long('2147483650'),
    },
    {
      name: '$round of a decimal keeps the type',
      says: 'a decimal is rounded in decimal',
      expression: { $round: [decimal('23.298'), -1] },
      gives: decimal('2E+1'),
    },
    {
      name: '$round beyond the digits gives zero',
      says: 'as many places left of the point as there are digits give 0',
      expression: { $round: [1234.5678, -4] },
      gives: double(0),
    },
    {
      name: '$round with a place out of range fails',
      says: 'the place lies between -20 and 100',
      expression: { $round: [1, -21] },
      fails: { error: 51083 },
    },
    {
      name: '$round with a broken place fails',
      says: 'the place is a whole number',
      expression: { $round: [1, 1.5] },
      fails: { error: 51082 },
    },
    {
      name: '$round of a string fails',
      says: 'only numbers can be rounded',
      expression: { $round: 'x' },
      fails: { error: 51081 },
    },
    {
      name: '$round of infinity stays',
      says: 'infinity gives infinity',
      expression: { $round: [Number.NEGATIVE_INFINITY, 1] },
      gives: Number.NEGATIVE_INFINITY,
    },
  ]),

  ...expressionCases('trunc', [
    {
      name: '$trunc cuts towards zero',
      says: 'the digits after the place are dropped',
      expression: { $trunc: [-1.298, 1] },
      gives: -1.2,
    },
    {
      name: '$trunc left of the point',
      says: 'a negative place replaces digits left of the point by 0',
      expression: { $trunc: [1299, -2] },
      gives: 1200,
    },
    {
      name: '$trunc of a decimal',
      says: 'the type of the number stays',
      expression: { $trunc: [decimal('1.298'), 1] },
      gives: decimal('1.2'),
    },
  ]),

  ...expressionCases('pow', [
    {
      name: '$pow of ints is an int where it fits',
      says: 'the result has the narrowest type that holds it',
      expression: { $pow: [5, 2] },
      gives: 25,
    },
    {
      name: '$pow of ints past 32 bits is an exact long',
      says: 'what an int cannot hold is a long',
      expression: { $pow: [3, 35] },
      gives: long('50031545098999707'),
    },
    {
      name: '$pow past 64 bits is a double',
      says: 'what a long cannot hold is a double',
      expression: { $pow: [2, 63] },
      gives: double(2 ** 63),
    },
    {
      name: '$pow with a negative exponent is a double',
      says: '5 to the power of -1 is a fraction',
      expression: { $pow: [4, -1] },
      gives: 0.25,
    },
    {
      name: '$pow of one with a negative exponent stays whole',
      says: 'only a fraction makes the result a double',
      expression: { $pow: [1, long(-2)] },
      gives: long(1),
    },
    {
      name: '$pow of minus one with a negative odd exponent stays whole',
      says: 'only a fraction makes the result a double',
      expression: { $pow: [long(-1), long(-3)] },
      gives: long(-1),
    },
    {
      name: '$pow of zero with a negative exponent fails',
      says: '0 cannot be raised to a negative exponent',
      expression: { $pow: [0, -1] },
      fails: { error: 28764 },
    },
    {
      name: '$pow of a string fails',
      says: 'the base is a number',
      expression: { $pow: ['x', 5] },
      fails: { error: 28762 },
    },
    {
      name: '$pow with a string as exponent fails',
      says: 'the exponent is a number',
      expression: { $pow: [5, 'x'] },
      fails: { error: 28763 },
    },
    {
      name: '$pow with null is null',
      says: 'null or a missing field gives null',
      expression: { $pow: [null, 2] },
      gives: null,
    },
  ]),

  ...expressionCases('sqrt', [
    {
      name: '$sqrt of an int is a double',
      says: 'the square root is a double',
      expression: { $sqrt: 25 },
      gives: double(5),
    },
    {
      name: '$sqrt of a negative number fails',
      says: 'the argument must not be negative',
      expression: { $sqrt: -1 },
      fails: { error: 28714 },
    },
  ]),

  ...expressionCases('log', [
    {
      name: '$log to a base',
      says: 'the logarithm is a double',
      expression: { $log: [8, 2] },
      gives: double(3),
    },
    {
      name: '$log of zero fails',
      says: 'the number must be positive',
      expression: { $log: [0, 5] },
      fails: { error: 28758 },
    },
    {
      name: '$log to base one fails',
      says: 'the base is positive and not 1',
      expression: { $log: [5, 1] },
      fails: { error: 28759 },
    },
    {
      name: '$log of a string fails',
      says: 'the number is a number',
      expression: { $log: ['x', 5] },
      fails: { error: 28756 },
    },
  ]),

  ...expressionCases('log10', [
    {
      name: '$log10 of a power of ten',
      says: 'the logarithm is a double',
      expression: { $log10: 100 },
      gives: double(2),
    },
    {
      name: '$log10 of a negative number fails',
      says: 'the number must be positive',
      expression: { $log10: -1 },
      fails: { error: 28761 },
    },
  ]),

  ...expressionCases('ln', [
    {
      name: '$ln of one is zero',
      says: 'the logarithm is a double',
      expression: { $ln: 1 },
      gives: double(0),
    },
    {
      name: '$ln of zero fails',
      says: 'the number must be positive',
      expression: { $ln: 0 },
      fails: { error: 28766 },
    },
  ]),

  ...expressionCases('exp', [
    {
      name: '$exp of zero is a double',
      says: 'e to the power of the number',
      expression: { $exp: 0 },
      gives: double(1),
    },
    {
      name: '$exp of a string fails',
      says: 'the exponent is a number',
      expression: { $exp: 'x' },
      fails: notNumeric,
    },
  ]),
]
