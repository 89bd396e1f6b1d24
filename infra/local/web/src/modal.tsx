/** The modal on top of a person's stack. What was filled in is kept while the app changes the view or puts one on top. */
import { type ReactNode, useState } from "react";
import { Blocks } from "./blocks/blocks";
import { Dialog } from "./dialog";
import type { ActValue, View } from "./protocol";
import {
  blocksOf,
  complaints,
  type Element,
  initialValue,
  submitted,
  type TextObject,
  type Values,
} from "./values";
import { useHere } from "./workspace";

interface ModalProps {
  view: View;
  /** What was filled in so far. */
  touched: Values;
  onTouch: (actionId: string, value: ActValue) => void;
  /** What is told meanwhile: nothing behind a modal can be reached. */
  children: ReactNode;
}

export function Modal({ view, touched, onTouch, children }: ModalProps) {
  const { act } = useHere();
  const [isSending, setSending] = useState(false);
  const [missing, setMissing] = useState<Record<string, string>>({});
  const blocks = blocksOf(view.definition);
  const text = (field: string) => (view.definition[field] as TextObject | undefined)?.text;
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const values = submitted(blocks, touched);
    const found = complaints(blocks, values);
    setMissing(found);
    if (Object.keys(found).length > 0) {
      return;
    }
    setSending(true);
    await act({ act: "submit", values });
    setSending(false);
  };
  const close = () => void act({ act: "dismiss", wholeStack: false });
  const held = (element: Element) =>
    element.action_id in touched ? (touched[element.action_id] ?? null) : initialValue(element);
  return (
    <Dialog title={text("title") ?? ""} className="modal" onClose={close}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <Blocks
            blocks={blocks}
            use={{
              errors: { ...view.errors, ...missing },
              held,
              onChange: (element, value) => onTouch(element.action_id, value),
              onUse: (element, value) =>
                act({ act: "click_in_view", actionId: element.action_id, value, inHome: false }),
              onSearch: async (element, typed) =>
                (await act({ act: "search", actionId: element.action_id, text: typed }))?.options ?? [],
            }}
          />
          {children}
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            {text("close") ?? "Cancel"}
          </button>
          {text("submit") && (
            <button type="submit" className="button primary" aria-busy={isSending}>
              {text("submit")}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
