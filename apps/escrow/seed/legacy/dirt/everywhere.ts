import { Double } from 'bson'
import { type Dirtyings, drop, put, turn } from './dirtying.ts'

const asText = (date: unknown) => (date instanceof Date ? date.toISOString() : undefined)

export const everywhereDirt: Dirtyings = {
  'no-timestamps': drop('createdAt', 'updatedAt', '__v'),
  'times-as-text': (document, context) =>
    turn('createdAt', asText)(document, context) && turn('updatedAt', asText)(document, context),
  'time-in-words': turn('updatedAt', () => 'last week'),
  'time-before-postgres': turn('updatedAt', () => new Date(-220_000_000_000_000)),
  'version-as-double': turn('__v', () => new Double(1)),
  'unknown-flag': put('legacyFlag', () => true),
  'unknown-keys-with-dots': put('importedFrom', () => ({
    system: 'v1',
    'key.with.dots': 1,
    at: new Date(0),
  })),
  'unknown-text-with-nul': put('notesInternal', () => 'before\u0000after'),
  'unknown-infinity': put('score', () => new Double(Number.POSITIVE_INFINITY)),
  'unknown-list-null': put('oldIds', () => null),
}
