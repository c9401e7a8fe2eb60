import { expect, it } from 'vitest'
import { valuesAtPath } from './path.ts'

it.each([
  [{ a: 1 }, 'a', [1]],
  [{}, 'a', [undefined]],
  [{ a: 1 }, 'a.b', [undefined]],
  [{ a: { b: 2 } }, 'a.b', [2]],
  [{ a: [1, 2] }, 'a', [1, 2]],
  [{ a: [] }, 'a', [[]]],
  [{ a: [[1], [2]] }, 'a', [[1], [2]]],
  [{ a: [{ b: 1 }, { b: [2, 3] }, {}] }, 'a.b', [1, 2, 3, undefined]],
  [{ a: [{ b: 1 }, { b: 2 }] }, 'a.1.b', [2]],
  [{ a: [] }, 'a.b', [undefined]],
  [{}, 'constructor', [undefined]],
])('the index values of %j at %s', (document, path, values) => {
  expect(valuesAtPath(document, path)).toEqual(values)
})
