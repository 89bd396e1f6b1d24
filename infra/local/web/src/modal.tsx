/** The modal on top of a person's stack. What was filled in is kept while the app changes the view. */
import { useState } from "react";
import { Blocks } from "./blocks/blocks";
import { Dialog } from "./dialog";
import type { View } from "./protocol";
import { blocksOf, type Element, initialValue, submitted, type TextObject, type Values } from "./values";
import { useHere } from "./workspace";

export function Modal({ view }: { view: View }) {
  const { act } = useHere();
  const [touched, setTouched] = useState<Values>({});
  const [isSending, setSending] = useState(false);
  const blocks = blocksOf(view.definition);
  const text = (field: string) => (view.definition[field] as TextObject | undefined)?.text;
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setSending(true);
    await act({ act: "submit", values: submitted(blocks, touched) });
    setSending(false);
  };
  const close = () => void act({ act: "dismiss", wholeStack: false });
  const held = (element: Element) =>
    element.action_id in touched ? (touched[element.action_id] ?? null) : initialValue(element);
  return (
    <Dialog title={text("title") ?? ""} className="modal" onClose={close}>
      <form onSubmit={submit}>
        <div className="dialog-body">
          <Blocks
            blocks={blocks}
            use={{
              errors: view.errors,
              held,
              onChange: (element, value) => setTouched((all) => ({ ...all, [element.action_id]: value })),
              onUse: (element, value) =>
                act({ act: "click_in_view", actionId: element.action_id, value, inHome: false }),
              onSearch: async (element, typed) =>
                (await act({ act: "search", actionId: element.action_id, text: typed }))?.options ?? [],
            }}
          />
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
