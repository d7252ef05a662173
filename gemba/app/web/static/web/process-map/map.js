// Moving a slider of the process map shows the map at once; without this the button does.
for (const range of document.querySelectorAll("form.shares input[type=range]")) {
  const value = range.parentElement.querySelector("output");
  range.addEventListener("input", () => { value.textContent = `${range.value} %`; });
  range.addEventListener("change", () => range.form.requestSubmit());
}
