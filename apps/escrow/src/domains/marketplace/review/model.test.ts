import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { summarise } from './model.ts'

test('ratings are averaged by subject; what is no rating counts nowhere', () => {
  const [one, two, none] = [newId(), newId(), newId()]
  const summaries = summarise([
    { subjectId: one, rating: 5, count: 2 },
    { subjectId: one, rating: 4, count: 1 },
    { subjectId: two, rating: 1, count: 1 },
    { subjectId: two, rating: 6, count: 9 },
    { subjectId: none, rating: 0, count: 1 },
  ])
  expect(summaries).toEqual(
    new Map([
      [one, { average: 4.67, count: 3, distribution: [0, 0, 0, 1, 2] }],
      [two, { average: 1, count: 1, distribution: [1, 0, 0, 0, 0] }],
    ]),
  )
})
