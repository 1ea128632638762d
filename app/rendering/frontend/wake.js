(()=>{
let started=0,held=[];
const native="a[href],summary,form[action]:not([data-hydrate])",
isNative=t=>t.closest?.(native),
start=()=>{if(started++)return;document.querySelectorAll("script[data-wake]").forEach(s=>{const n=document.createElement("script");if(s.dataset.wake)n.type=s.dataset.wake;n.text=s.text;document.body.append(n)})},
point=e=>{if((e.pointerType||"mouse")=="mouse"&&!isNative(e.target))start()},
key=e=>{const t=e.target;if(t.dataset?.enter&&e.key=="Enter"&&!e.shiftKey&&!e.isComposing){e.preventDefault();if(!e.repeat)held.push(()=>t.form.requestSubmit())}if(!isNative(t))start()},
click=e=>{const t=e.target;if(isNative(t))return;start();if(!t.closest?.("input,select,textarea,label,option")){e.preventDefault();e.stopPropagation();held.push(()=>t.click())}},
submit=e=>{const f=e.target;if(f.hasAttribute("action")&&!f.hasAttribute("data-hydrate"))return;start();e.preventDefault();const b=e.submitter;held.push(()=>f.requestSubmit(b))};
addEventListener("pointerdown",point,true);addEventListener("keydown",key,true);addEventListener("click",click,true);addEventListener("submit",submit,true);
for(const k of["focusin","click"])addEventListener(k,e=>{held.w??=navigator.serviceWorker?.register("/sw.js").catch(()=>{});const u=e.target.closest?.("[data-script]")?.dataset.script;if(u&&!document.querySelector(`script[src="${u}"]`)){const n=document.createElement("script");n.src=u;document.head.append(n)}});
window.__serverPageHydrated=()=>{delete window.__serverPageHydrated;removeEventListener("pointerdown",point,true);removeEventListener("keydown",key,true);removeEventListener("click",click,true);removeEventListener("submit",submit,true);held.forEach(h=>h())}
})()
