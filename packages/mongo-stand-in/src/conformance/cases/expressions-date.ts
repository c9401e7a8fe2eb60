import { ObjectId } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { date, long } from './typed-value.ts'

const instant = date('2017-01-01T10:20:30.400Z')
/** Daylight saving began in New York on 14 March 2021. */
const beforeSpring = date('2021-03-13T17:30:00Z')

/** Expressions on dates: parts, zones, texts, arithmetic. */
export const dateExpressions: readonly ConformanceCase[] = [
  ...expressionCases('year', [
    {
      name: 'parts of a date in UTC',
      says: 'without a zone the parts are those of UTC',
      expression: [
        { $year: '$d' },
        { $month: '$d' },
        { $dayOfMonth: '$d' },
        { $hour: '$d' },
        { $minute: '$d' },
        { $second: '$d' },
        { $millisecond: '$d' },
        { $dayOfYear: '$d' },
      ],
      of: { d: instant },
      gives: [2017, 1, 1, 10, 20, 30, 400, 1],
    },
    {
      name: '$year of a missing date is null',
      says: 'a null or missing date gives null',
      expression: { $year: '$missing' },
      gives: null,
    },
    {
      name: '$year of an ObjectId',
      says: 'an ObjectId stands for the time that it carries',
      expression: { $year: new ObjectId('5a3ad7c0d41e7c1b6b0c7c51') },
      gives: 2017,
    },
    {
      name: '$year of a text fails',
      says: 'the argument is a date, a timestamp or an ObjectId',
      expression: { $year: '2017-01-01' },
      fails: { error: 16006 },
    },
  ]),
  ...expressionCases('hour', [
    {
      name: '$hour in a named zone',
      says: 'the zone by its Olson name, with daylight saving',
      expression: { $hour: { date: date('2017-08-14T12:00:00Z'), timezone: 'America/New_York' } },
      gives: 8,
    },
    {
      name: '$hour at an offset',
      says: 'the zone as an offset, with and without colon, or hours alone',
      expression: ['+03:30', '-0500', '+09'].map((timezone) => ({ $hour: { date: instant, timezone } })),
      gives: [13, 5, 19],
    },
    {
      name: '$hour in an unknown zone fails',
      says: 'the zone must be known',
      expression: { $hour: { date: instant, timezone: 'Europe/Nowhere' } },
      fails: { error: 40485 },
    },
    {
      name: '$hour in a null zone is null',
      says: 'a zone without value gives null',
      expression: { $hour: { date: instant, timezone: '$missing' } },
      gives: null,
    },
  ]),
  ...expressionCases('dayOfWeek', [
    {
      name: '$dayOfWeek begins with Sunday',
      says: '1 is Sunday, 7 is Saturday',
      expression: { $dayOfWeek: instant },
      gives: 1,
    },
  ]),
  ...expressionCases('week', [
    {
      name: '$week before the first Sunday is zero',
      says: 'weeks begin on Sundays; the days before the first Sunday of a year are week 0',
      expression: [{ $week: date('2016-01-01') }, { $week: date('2016-01-03') }],
      gives: [0, 1],
    },
  ]),
  ...expressionCases('isoWeek', [
    {
      name: '$isoWeek of a first of January',
      says: 'week 1 is that with the first Thursday of the year',
      expression: [{ $isoWeek: date('2016-01-01') }, { $isoWeek: date('2016-01-04') }],
      gives: [53, 1],
    },
  ]),
  ...expressionCases('isoWeekYear', [
    {
      name: '$isoWeekYear of a first of January',
      says: 'the year of the ISO week may be the last one',
      expression: { $isoWeekYear: date('2016-01-01') },
      gives: long(2015),
    },
  ]),
  ...expressionCases('isoDayOfWeek', [
    {
      name: '$isoDayOfWeek begins with Monday',
      says: '1 is Monday, 7 is Sunday',
      expression: { $isoDayOfWeek: instant },
      gives: 7,
    },
  ]),
  ...expressionCases('dateToParts', [
    {
      name: '$dateToParts in a zone',
      says: 'the parts of the local time',
      expression: { $dateToParts: { date: instant, timezone: 'America/New_York' } },
      gives: { year: 2017, month: 1, day: 1, hour: 5, minute: 20, second: 30, millisecond: 400 },
    },
    {
      name: '$dateToParts in ISO weeks',
      says: 'with iso8601 year, week and day of the week come in their ISO form',
      expression: { $dateToParts: { date: instant, iso8601: true } },
      gives: {
        isoWeekYear: 2016,
        isoWeek: 52,
        isoDayOfWeek: 7,
        hour: 10,
        minute: 20,
        second: 30,
        millisecond: 400,
      },
    },
  ]),
  ...expressionCases('dateFromParts', [
    {
      name: '$dateFromParts carries what is too large',
      says: 'a month of 14 is February of the next year',
      expression: { $dateFromParts: { year: 2017, month: 14, day: 1, hour: 12 } },
      gives: date('2018-02-01T12:00:00Z'),
    },
    {
      name: '$dateFromParts carries what is too small',
      says: 'a day of 0 is the last one of the month before',
      expression: { $dateFromParts: { year: 2017, month: 0, day: 1 } },
      gives: date('2016-12-01T00:00:00Z'),
    },
    {
      name: '$dateFromParts in a zone',
      says: 'the parts are local time of the zone',
      expression: {
        $dateFromParts: { year: 2016, month: 12, day: 31, hour: 23, timezone: 'America/New_York' },
      },
      gives: date('2017-01-01T04:00:00Z'),
    },
    {
      name: '$dateFromParts of an ISO week',
      says: 'an ISO year, week and day make a date',
      expression: { $dateFromParts: { isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 4, hour: 12 } },
      gives: date('2017-02-09T12:00:00Z'),
    },
    {
      name: '$dateFromParts with a missing part is null',
      says: 'a part without value makes the result null',
      expression: { $dateFromParts: { year: 2017, month: '$missing' } },
      gives: null,
    },
    {
      name: '$dateFromParts without year fails',
      says: 'year or isoWeekYear is required',
      expression: { $dateFromParts: { month: 1 } },
      fails: { error: 40516 },
    },
  ]),
  ...expressionCases('dateToString', [
    {
      name: '$dateToString without format',
      says: 'the default is ISO 8601 with milliseconds',
      expression: { $dateToString: { date: instant } },
      gives: '2017-01-01T10:20:30.400Z',
    },
    {
      name: '$dateToString with date and time',
      says: 'specifiers stand for the parts of the date',
      expression: {
        $dateToString: { format: '%Y%m%d %H-%M-%S.%L %j', date: date('2014-02-05T08:05:09.007Z') },
      },
      gives: '20140205 08-05-09.007 036',
    },
    {
      name: '$dateToString with weeks',
      says: 'w and u are days of the week, U and V weeks, G the year of the ISO week',
      expression: { $dateToString: { format: '%w %u %U %V %G', date: date('2016-01-01') } },
      gives: '6 5 00 53 2015',
    },
    {
      name: '$dateToString with names of months',
      says: 'b and B are the short and the full name of the month',
      expression: { $dateToString: { format: '%b %B', date: date('2014-02-05') } },
      gives: 'Feb February',
    },
    {
      name: '$dateToString with the zone',
      says: 'z is the offset as hours and minutes, Z in minutes',
      expression: { $dateToString: { format: '%H:%M %z %Z', date: instant, timezone: 'America/New_York' } },
      gives: '05:20 -0500 -300',
    },
    {
      name: '$dateToString with a percent sign',
      says: 'two percent signs are one',
      expression: { $dateToString: { format: '100%%', date: instant } },
      gives: '100%',
    },
    {
      name: '$dateToString with an unknown specifier fails',
      says: 'only the documented specifiers may stand after a percent sign',
      expression: { $dateToString: { format: '%n', date: instant } },
      fails: { error: 18536 },
    },
    {
      name: '$dateToString of null with onNull',
      says: 'onNull stands for a null or missing date',
      expression: { $dateToString: { date: '$missing', onNull: 'none' } },
      gives: 'none',
    },
    {
      name: '$dateToString of a text fails',
      says: 'the date is a date, a timestamp or an ObjectId',
      expression: { $dateToString: { date: 'x' } },
      fails: { error: 16006 },
    },
  ]),
  ...expressionCases('dateFromString', [
    {
      name: '$dateFromString reads ISO 8601',
      says: 'a zone in the text counts',
      expression: { $dateFromString: { dateString: '2017-02-08T12:10:40.787+03:00' } },
      gives: date('2017-02-08T09:10:40.787Z'),
    },
    {
      name: '$dateFromString reads a day',
      says: 'a date without time is midnight',
      expression: { $dateFromString: { dateString: '2017-02-08' } },
      gives: date('2017-02-08T00:00:00Z'),
    },
    {
      name: '$dateFromString in a zone',
      says: 'the zone of the argument counts where the text has none',
      expression: {
        $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' },
      },
      gives: date('2017-02-08T17:10:40.787Z'),
    },
    {
      name: '$dateFromString by a format',
      says: 'the format says what the parts of the text are',
      expression: { $dateFromString: { dateString: '06-15-2018', format: '%m-%d-%Y' } },
      gives: date('2018-06-15T00:00:00Z'),
    },
    {
      name: '$dateFromString of something else fails',
      says: 'a text that is no date is an error',
      expression: { $dateFromString: { dateString: 'last tuesday-ish' } },
      fails: { error: 241 },
    },
    {
      name: '$dateFromString with onError',
      says: 'onError stands for what cannot be read',
      expression: { $dateFromString: { dateString: 'nonsense', onError: '$d' } },
      of: { d: 'kept' },
      gives: 'kept',
    },
    {
      name: '$dateFromString of null with onNull',
      says: 'onNull stands for a null or missing text',
      expression: { $dateFromString: { dateString: null, onNull: date('2000-01-01') } },
      gives: date('2000-01-01T00:00:00Z'),
    },
  ]),
  ...expressionCases('dateDiff', [
    {
      name: '$dateDiff counts boundaries',
      says: 'a unit counts when its boundary is crossed: 18 months are 1 year',
      expression: ['year', 'month', 'day'].map((unit) => ({
        $dateDiff: { startDate: date('2010-01-01'), endDate: date('2011-07-01'), unit },
      })),
      gives: [long(1), long(18), long(546)],
    },
    {
      name: '$dateDiff crosses a year in a millisecond',
      says: 'a unit counts when its boundary is crossed, however short the time',
      expression: {
        $dateDiff: { startDate: date('2020-12-31T23:59:59.999Z'), endDate: date('2021-01-01'), unit: 'year' },
      },
      gives: long(1),
    },
    {
      name: '$dateDiff backwards is negative',
      says: 'an end before the start gives a negative number',
      expression: { $dateDiff: { startDate: date('2021-01-02'), endDate: date('2021-01-01'), unit: 'hour' } },
      gives: long(-24),
    },
    {
      name: '$dateDiff in weeks by their first day',
      says: 'weeks begin on Sunday or on the day that is given',
      expression: [undefined, 'Monday', 'fri'].map((startOfWeek) => ({
        $dateDiff: {
          startDate: date('2021-01-01'),
          endDate: date('2021-01-31'),
          unit: 'week',
          ...(startOfWeek === undefined ? {} : { startOfWeek }),
        },
      })),
      gives: [long(5), long(4), long(4)],
    },
    {
      name: '$dateDiff in days of a zone',
      says: 'boundaries are those of the zone',
      expression: ['UTC', 'America/New_York'].map((timezone) => ({
        $dateDiff: {
          startDate: date('2021-03-01T20:00:00Z'),
          endDate: date('2021-03-02T02:00:00Z'),
          unit: 'day',
          timezone,
        },
      })),
      gives: [long(1), long(0)],
    },
    {
      name: '$dateDiff with a missing end is null',
      says: 'a null or missing argument gives null',
      expression: { $dateDiff: { startDate: instant, endDate: '$missing', unit: 'day' } },
      gives: null,
    },
    {
      name: '$dateDiff in an unknown unit fails',
      says: 'the unit is one of the documented ones',
      expression: { $dateDiff: { startDate: instant, endDate: instant, unit: 'decade' } },
      fails: { error: 9 },
    },
  ]),
  ...expressionCases('dateAdd', [
    {
      name: '$dateAdd of a month stays in the month',
      says: 'a day that the month has not becomes its last day',
      expression: { $dateAdd: { startDate: date('2020-10-31T12:10:05Z'), unit: 'month', amount: 1 } },
      gives: date('2020-11-30T12:10:05Z'),
    },
    {
      name: '$dateAdd of a year to a leap day',
      says: 'a day that the month has not becomes its last day',
      expression: { $dateAdd: { startDate: date('2020-02-29T00:00:00Z'), unit: 'year', amount: 1 } },
      gives: date('2021-02-28T00:00:00Z'),
    },
    {
      name: '$dateAdd of a day over the change of the clock',
      says: 'a day in a zone keeps the local time of day',
      expression: {
        $dateAdd: { startDate: beforeSpring, unit: 'day', amount: 1, timezone: 'America/New_York' },
      },
      gives: date('2021-03-14T16:30:00Z'),
    },
    {
      name: '$dateAdd of hours over the change of the clock',
      says: 'hours are as long as ever',
      expression: {
        $dateAdd: { startDate: beforeSpring, unit: 'hour', amount: 24, timezone: 'America/New_York' },
      },
      gives: date('2021-03-14T17:30:00Z'),
    },
    {
      name: '$dateAdd with a broken amount fails',
      says: 'the amount is a whole number',
      expression: { $dateAdd: { startDate: instant, unit: 'day', amount: 1.5 } },
      fails: { error: 5166405 },
    },
    {
      name: '$dateAdd to null is null',
      says: 'a null or missing argument gives null',
      expression: { $dateAdd: { startDate: null, unit: 'day', amount: 1 } },
      gives: null,
    },
    {
      name: '$dateAdd to a text fails',
      says: 'the start is a date',
      expression: { $dateAdd: { startDate: 'x', unit: 'day', amount: 1 } },
      fails: { error: 5166403 },
    },
  ]),
  ...expressionCases('dateSubtract', [
    {
      name: '$dateSubtract of a quarter',
      says: 'a quarter is three months',
      expression: { $dateSubtract: { startDate: date('2021-05-31'), unit: 'quarter', amount: 1 } },
      gives: date('2021-02-28T00:00:00Z'),
    },
  ]),
  ...expressionCases('dateTrunc', [
    {
      name: '$dateTrunc to bins of two hours',
      says: 'bins are counted from the year 2000',
      expression: { $dateTrunc: { date: date('2021-03-20T11:30:05Z'), unit: 'hour', binSize: 2 } },
      gives: date('2021-03-20T10:00:00Z'),
    },
    {
      name: '$dateTrunc to two weeks in a zone',
      says: 'weeks are counted from the first such week day of 2000, in the time of the zone',
      expression: [
        date('2020-05-18T14:10:30Z'),
        date('2021-03-20T11:30:05Z'),
        date('2021-01-11T06:31:15Z'),
      ].map((given) => ({
        $dateTrunc: {
          date: given,
          unit: 'week',
          binSize: 2,
          timezone: 'America/Los_Angeles',
          startOfWeek: 'Monday',
        },
      })),
      gives: [date('2020-05-11T07:00:00Z'), date('2021-03-15T07:00:00Z'), date('2021-01-04T08:00:00Z')],
    },
    {
      name: '$dateTrunc to half years',
      says: 'six months from January or July on',
      expression: { $dateTrunc: { date: date('2020-11-18'), unit: 'month', binSize: 6 } },
      gives: date('2020-07-01T00:00:00Z'),
    },
    {
      name: '$dateTrunc before the reference',
      says: 'bins go on to both sides of the reference',
      expression: { $dateTrunc: { date: date('1999-06-15'), unit: 'year', binSize: 10 } },
      gives: date('1990-01-01T00:00:00Z'),
    },
    {
      name: '$dateTrunc to weeks from Sunday',
      says: 'without another day weeks begin on Sunday',
      expression: { $dateTrunc: { date: date('2021-03-20T11:30:05Z'), unit: 'week' } },
      gives: date('2021-03-14T00:00:00Z'),
    },
    {
      name: '$dateTrunc of null is null',
      says: 'a null or missing argument gives null',
      expression: { $dateTrunc: { date: '$missing', unit: 'day' } },
      gives: null,
    },
    {
      name: '$dateTrunc with an empty bin fails',
      says: 'the size of a bin is positive',
      expression: { $dateTrunc: { date: instant, unit: 'day', binSize: 0 } },
      fails: { error: 5439018 },
    },
  ]),
]
