import mongoose from 'mongoose'
import type { TelegramId } from '../model.ts'

/** How an id is written. */
export function storedLong(id: TelegramId): mongoose.mongo.Long {
  return mongoose.mongo.Long.fromString(id)
}

/** A filter that finds an id as any number, or as the text that it is in some old documents. */
export function anyFormOf(id: TelegramId) {
  return { $in: [storedLong(id), id] }
}
