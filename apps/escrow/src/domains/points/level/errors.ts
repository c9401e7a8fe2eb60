import { DomainError } from '../../../platform/errors.ts'

export function levelTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'LEVEL_TAKEN',
    status: 409,
    title: 'Level taken',
    detail: 'Another level has this number. Choose a different one.',
    cause,
  })
}

export function levelRangeOverlaps(cause?: unknown): DomainError {
  return new DomainError({
    code: 'LEVEL_RANGE_OVERLAPS',
    status: 409,
    title: 'Ranges overlap',
    detail:
      'Another active level has some of these points. End that one where this one begins, or deactivate it.',
    cause,
  })
}

export function levelRangeEmpty(): DomainError {
  return new DomainError({
    code: 'LEVEL_RANGE_EMPTY',
    status: 400,
    title: 'Empty range',
    detail: 'A level must end above where it begins: maxPoints is the first point of the next level.',
  })
}
