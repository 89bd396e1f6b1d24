/** How the elements of one message or view are used: what a use leads to, and what inputs hold. */
import { createContext, useContext } from "react";
import type { ActValue, Json } from "../protocol";
import type { Element } from "../values";

export interface Use {
  /** A button was clicked, or something chosen outside of an input block. */
  onUse: (element: Element, value: ActValue) => Promise<unknown>;
  /** Input blocks only: what an element holds, and a change of it. */
  held?: (element: Element) => ActValue;
  onChange?: (element: Element, value: ActValue) => void;
  /** What the app offers for something typed into an external select. */
  onSearch?: (element: Element, text: string) => Promise<Json[]>;
  /** What the app said of an input, by block_id. */
  errors?: Record<string, string>;
}

const UseContext = createContext<Use>({ onUse: async () => undefined });
export const UseProvider = UseContext.Provider;
export const useUse = (): Use => useContext(UseContext);
