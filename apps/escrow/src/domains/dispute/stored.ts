import { type EntityId, isEntityId, parseId, publicId } from '../../platform/ids.ts'
import { type Amount, readAmount } from '../../platform/money.ts'
import type { DisputeMessage, Evidence, Resolution, TimelineEntry } from './model.ts'

/*
 * The lists and the resolution as JSON holds them: ids as their digits, times as ISO text, amounts as text. Both stores
 * read them here, so that they read alike whatever lies in old ones.
 */

type Json = Record<string, unknown>

export function evidenceOf(stored: unknown): Evidence[] {
  return documentsOf(stored).map((element) => ({
    type: textOf(element.type),
    url: textOf(element.url),
    description: textOf(element.description),
    uploadedBy: idOf(element.uploadedBy),
    at: timeOf(element.at),
  }))
}

export function timelineOf(stored: unknown): TimelineEntry[] {
  return documentsOf(stored).map((element) => ({
    action: textOf(element.action),
    performedBy: idOf(element.performedBy),
    details: textOf(element.details),
    at: timeOf(element.at),
  }))
}

export function messagesOf(stored: unknown): DisputeMessage[] {
  return documentsOf(stored).map((element) => ({
    senderId: idOf(element.senderId),
    content: textOf(element.content),
    at: timeOf(element.at),
  }))
}

/** `resolvedAt` lies beside it, where it can be calculated with. Null where nothing can be read. */
export function resolutionOf(stored: unknown, resolvedAt: Date | null): Resolution | null {
  const document = isDocument(stored) ? stored : {}
  const resolution = {
    action: textOf(document.action),
    amount: amountOf(document.amount),
    currency: textOf(document.currency),
    notes: textOf(document.notes),
    resolvedBy: idOf(document.resolvedBy),
    resolvedAt,
  }
  return Object.values(resolution).every((value) => value === null) ? null : resolution
}

/** An element as JSON. What is absent is left out, so that the document that comes of it has no nulls. */
export function jsonOf(element: object): Json {
  return Object.fromEntries(
    Object.entries(element)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, jsonValue(value)]),
  )
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' && isUuid(value) ? publicId(value) : value
}

/** Ids travel as UUIDs inside the application; 24 hex digits are how everybody else knows them. */
function isUuid(text: string): text is EntityId {
  return text.length === 36 && isEntityId(text)
}

function documentsOf(stored: unknown): Json[] {
  return Array.isArray(stored) ? stored.filter(isDocument) : []
}

function isDocument(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function idOf(value: unknown): EntityId | null {
  return typeof value === 'string' && value.length === 24 && isEntityId(value) ? parseId(value) : null
}

function timeOf(value: unknown): Date | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value)) return null
  const time = new Date(value)
  return Number.isNaN(time.getTime()) ? null : time
}

/** Old ones are numbers, or text where no number is exact. */
function amountOf(value: unknown): Amount | null {
  return typeof value === 'string' || typeof value === 'number' ? readAmount(String(value)) : null
}
