/*
 * Streamlit's own widgets in the page's language.
 *
 * Streamlit writes English into menus, tooltips and labels for screen readers, and has no setting for it.
 * This script watches the page and replaces these texts by the Chinese ones, and back where the page was switched
 * to English. It has a closed list of texts and changes only the values of attributes and text nodes, so that
 * React's tree stays intact.
 */
"use strict";

/** @type {{ language(): "zh" | "en" | null }} */
var JituWidgets =
  window.JituWidgets
  || (() => {
    // English → Chinese, as whole texts; {} stands for a name or a figure.
    const TEXTS = {
      "Open": "展开",
      "Close": "关闭",
      "Dismiss": "关闭列表",
      "Clear all": "全部清除",
      "Clear value": "清除所选",
      "Clear selection": "取消选择",
      "Clear selection: {}": "取消选择：{}",
      "Remove {}": "移除“{}”",
      "Help for {}": "“{}”的说明",
      "Selected values": "已选项",
      "Suggestions": "候选项",
      "Show suggestions": "显示候选项",
      "No results": "没有匹配项",
      "Choose an option": "请选择",
      "Choose options": "请选择",
      "{} option available.": "有 {} 个选项。",
      "{} options available.": "共 {} 个选项。",
      "{}, selected": "{}，已选",
      "Skip to main content": "跳到正文",
      "Scroll tabs left": "向左滚动标签",
      "Scroll tabs right": "向右滚动标签",
      "Notifications": "通知",
      "Help": "帮助",
      "Download as CSV": "下载 CSV",
      "Download as CSV: {}": "下载 CSV：{}",
      "Search": "表内搜索",
      "Search: {}": "表内搜索：{}",
      "Fullscreen": "全屏",
      "Fullscreen: {}": "全屏：{}",
      "Close fullscreen": "退出全屏",
      "Close fullscreen: {}": "退出全屏：{}",
      "Show/hide columns": "显示或隐藏列",
      "Show/hide columns: {}": "显示或隐藏列：{}",
      "Show data": "显示数据",
      "Vega visualization": "统计图",
      "Show chart": "显示图表",
      "Copy Vega-Lite spec": "复制图表定义",
      "Copied!": "已复制",
      "Download as PNG": "下载 PNG",
      "Dataframe column menu": "列菜单",
      "Copy column name": "复制列名",
      "Sort ascending": "升序排列",
      "Sort descending": "降序排列",
      "Format": "显示格式",
      "Autosize": "自动列宽",
      "Pin column": "固定列",
      "Unpin column": "取消固定列",
      "Hide column": "隐藏列",
      "Statistics": "统计",
      "Select all": "全选",
      "text": "文本",
      "number": "数字",
      "Automatic": "自动",
      "Localized": "按本地习惯",
      "Plain": "原样",
      "Compact": "简写",
      "Dollar": "美元",
      "Euro": "欧元",
      "Yen": "日元",
      "Percent": "百分比",
      "Scientific": "科学计数",
      "Accounting": "会计",
      "Count": "个数",
      "Values": "有值",
      "Empty": "空值",
      "Distinct": "不同值",
      "Range": "范围",
      "Sum": "合计",
      "Average": "平均",
      "Median": "中位数",
      "Minimum": "最小",
      "Maximum": "最大",
      "Standard deviation": "标准差",
      "Average length": "平均长度",
      "Minimum length": "最短",
      "Maximum length": "最长",
      "Based on sample": "按抽样",
      "Top values frequency chart": "常见值频数图",
      "Distribution histogram": "分布直方图",
      "No data": "没有数据",
      "Close Search": "关闭搜索",
      "Next Result": "下一处",
      "Previous Result": "上一处",
      "Type to search": "输入以搜索",
      "Upload": "上传",
      "Add files": "添加文件",
      "Drag and drop a file here": "把文件拖到这里",
      "Drag and drop files here": "把文件拖到这里",
      "Press Enter to apply": "按回车键确定",
      "Press Enter to submit form": "按回车键提交",
      "Download failed": "下载失败",
      "Running...": "正在运行…",
      "Stop": "停止",
      "Connecting": "正在连接",
      "Please wait...": "请稍候…",
      "Connection error": "连接中断",
      "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
        "服务是否还在运行？如已停止，请重新启动：",
      "Connection lost. Please wait for the app to reconnect, then try again.": "连接中断，请待页面重新连接后再试。",
    };
    const ATTRIBUTES = ["aria-label", "title", "placeholder", "aria-description", "aria-roledescription"];

    /**
     * Return a function that translates a whole text, to null if it is not on the list.
     * @param {[from: string, to: string][]} pairs
     * @returns {(text: string) => string | null}
     */
    function translator(pairs) {
      const whole = new Map(pairs.filter(([from]) => !from.includes("{}")));
      const patterns = pairs
        .filter(([from]) => from.includes("{}"))
        .map(([from, to]) => {
          const [before, after] = from.split("{}");
          return (/** @type {string} */ text) =>
            text.length > before.length + after.length
            && text.startsWith(before)
            && text.endsWith(after)
            && to.replace("{}", () => text.slice(before.length, text.length - after.length));
        });
      return (text) => whole.get(text) || patterns.map((made) => made(text)).find(Boolean) || null;
    }

    const toChinese = translator(Object.entries(TEXTS));
    const toEnglish = translator(Object.entries(TEXTS).map(([english, chinese]) => [chinese, english]));
    /** @type {"zh" | "en" | null} */
    let language = null;
    let translate = toChinese;

    /** The rule of app/page/language.py: English where the address asks for it. */
    function choose() {
      const now = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";
      if (now === language) return false;
      language = now;
      translate = now === "en" ? toEnglish : toChinese;
      document.documentElement.lang = now === "en" ? "en" : "zh-CN";
      return true;
    }

    function text(/** @type {Node} */ node) {
      const { parentElement: parent, nodeValue: value } = node;
      if (!parent || !value || parent.closest("script, style, input, textarea, .stHtml, [translate=no]")) return;
      const made = translate(value.trim());
      if (made) node.nodeValue = made;
    }

    function attributes(/** @type {Element} */ element) {
      for (const name of ATTRIBUTES) {
        const value = element.getAttribute(name);
        const made = value && translate(value);
        if (made) element.setAttribute(name, made);
      }
    }

    function tree(/** @type {Node} */ root) {
      if (root.nodeType === Node.TEXT_NODE) return text(root);
      if (root.nodeType !== Node.ELEMENT_NODE) return;
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      /** @type {Node | null} */
      let node = root;
      while (node) {
        if (node.nodeType === Node.TEXT_NODE) text(node);
        else attributes(/** @type {Element} */ (node));
        node = walker.nextNode();
      }
    }

    function changed(/** @type {MutationRecord[]} */ records) {
      if (choose()) return tree(document.body);
      for (const { type, target, addedNodes } of records) {
        if (target instanceof Element && target.closest(".jitu-map")) continue; // has its own words
        if (type === "childList") addedNodes.forEach(tree);
        else if (type === "attributes") attributes(/** @type {Element} */ (target));
        else text(target);
      }
    }

    document.dispatchEvent(new Event("jitu-arrived")); // to start.js and cover.js: the page has its first content
    choose();
    tree(document.body);
    const what = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES };
    new MutationObserver(changed).observe(document.body, what);
    return { language: () => language };
  })();
