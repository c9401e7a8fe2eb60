import { expect, it } from 'vitest'
import { parseRate } from './throttle.ts'

it('a rate is documents, or bytes with MB, or none', () => {
  expect(parseRate('500')).toEqual({ documentsPerSecond: 500 })
  expect(parseRate('20MB')).toEqual({ megabytesPerSecond: 20 })
  expect(parseRate('1.5 mb')).toEqual({ megabytesPerSecond: 1.5 })
  expect(parseRate('none')).toEqual({ documentsPerSecond: null, megabytesPerSecond: null })
  for (const wrong of ['0', '-1', '1.5', 'fast', '20GB', '']) expect(() => parseRate(wrong), wrong).toThrow()
})
